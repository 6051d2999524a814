"""The administrator's page of message texts: list, preview, keep, reset."""

import re

from telehealth.notify.choice_texts import CHOICE_TEXTS
from telehealth.notify.series_texts import SERIES_TEXTS
from telehealth.notify.texts import TEXTS
from telehealth.notify.waitlist_texts import WAITLIST_TEXTS
from telehealth.notify.way_texts import WAY_TEXTS
from tests.integration.storage.cast import AMARA
from tests.integration.web.hospital import ADA, Hospital

PAGE = "/texts/visit-invitation/en"
WORDS = {
    "subject": "{clinic} calls you",
    "body": "Good day & welcome,\r\n\r\n{link}\r\n\r\n{code}",
    "sms": "{clinic} {when} {link}",
    "version": "0",
}


async def test_words_are_tried_kept_and_given_up(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    assert "standard" in (await ada.get("/texts")).text
    tried = await ada.form(PAGE, WORDS | {"do": "preview"})
    assert "Good day &amp; welcome," in tried.text
    assert "1 part" in tried.text or "2 parts" in tried.text
    assert "your own" not in (await ada.get("/texts")).text
    kept = await ada.form(PAGE, WORDS | {"do": "keep"})
    assert kept.headers["Location"] == "/texts?language=en&done=kept"
    assert "your own" in (await ada.get("/texts?language=en&done=kept")).text
    assert "your own" not in (await ada.get("/texts?language=es")).text
    shown = (await ada.get(PAGE)).text
    assert 'name="version" value="1"' in shown
    given_up = await ada.form(f"{PAGE}/reset", {})
    assert given_up.headers["Location"] == "/texts?language=en&done=reset"
    assert "your own" not in (await ada.get("/texts?language=en&done=reset")).text


async def test_every_kind_stands_under_a_heading_in_the_language_that_was_chosen(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    for asked, shown in (("", "en"), ("?language=es", "es"), ("?language=xx", "en")):
        text = (await ada.get(f"/texts{asked}")).text
        assert set(re.findall(r'href="/texts/([\w-]+)/(\w+)"', text)) == {
            (each, shown) for each in TEXTS | WAY_TEXTS | SERIES_TEXTS | WAITLIST_TEXTS | CHOICE_TEXTS
        }
        assert text.count("aria-current") == 2


async def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    refused = await ada.form(PAGE, WORDS | {"body": "Come to {nowhere}", "do": "keep"})
    assert refused.status == 422
    assert "{nowhere} is not known here." in refused.text
    assert "Come to {nowhere}</textarea>" in refused.text
    assert 'aria-invalid="true"' in refused.text


async def test_words_about_a_series_are_tried_with_their_list_and_kept(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    page, words = (
        "/texts/series-moved/en",
        {"body": "Good day,\r\n\r\n{times}", "sms": "{count} {when} {link}"},
    )
    tried = await ada.form(page, WORDS | words | {"do": "preview"})
    assert tried.text.count('<bdi dir="ltr">http') == 3
    lost = await ada.form(page, WORDS | words | {"body": "No list", "do": "keep"})
    assert lost.status == 422
    assert "write {times} on a line of its own" in lost.text
    kept = await ada.form(page, WORDS | words | {"do": "keep"})
    assert kept.status == 303, kept.text
    assert kept.headers["Location"] == "/texts?language=en&done=kept"


async def test_somebody_elses_change_is_not_written_over(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    for status in (303, 412):
        assert (await ada.form(PAGE, WORDS | {"do": "keep"})).status == status


async def test_arabic_words_stand_from_the_right(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    shown = (await ada.get("/texts/visit-invitation/ar")).text
    assert '<textarea id="sms" name="sms" rows="4" lang="ar" dir="rtl"' in shown


async def test_the_preview_says_when_the_short_form_of_an_sms_is_sent(hospital: Hospital) -> None:
    """The Arabic invitation in full takes more than three parts: letters beyond GSM's count twice."""
    ada = await hospital.staff(ADA)
    said = "the short form is sent"
    assert said in (await ada.get("/texts/visit-invitation/ar")).text
    assert said not in (await ada.get("/texts/visit-invitation/en")).text


async def test_what_is_typed_is_never_markup(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    evil = WORDS | {"body": "<script>1</script> {link}", "sms": "<img src=x> {link}", "do": "preview"}
    assert "<script>1" not in (shown := (await ada.form(PAGE, evil)).text)
    assert "<img src" not in shown


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    for path in ("/texts", PAGE):
        assert (await amara.get(path)).status == 403
    assert (await amara.form(PAGE, WORDS)).status == 403
    assert (await amara.form(f"{PAGE}/reset", {})).status == 403
    ada = await hospital.staff(ADA)
    assert (await ada.get("/texts/staff-invitation/en")).status == 404
