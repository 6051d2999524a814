"""Messages about visits by phone and at a site: what the patient does, in every language, and no video."""

from dataclasses import replace

import pytest

from telehealth.domain.modality import Modality
from telehealth.domain.outbox import INVITATION, NEARLY, NOT_BY_VIDEO, kind_of
from telehealth.domain.segments import MOST_SEGMENTS, is_gsm, segments
from telehealth.notify.way_texts import WAY_TEXTS
from tests.unit.notify.speaking import LANGUAGES, WORDING
from tests.unit.notify.test_short_messages import LETTER, LINK, VALUES

PHONED = VALUES | {"digits": "0605", "count": "3"}
COMES = VALUES | {"count": "3", "site": "Hillside Clinic, 4 Mill Lane, Hillside"}
INVITED = replace(LETTER, template=kind_of(INVITATION, Modality.PHONE), values=PHONED)


def test_every_message_about_a_visit_has_words_for_the_other_ways() -> None:
    assert set(WAY_TEXTS) == set(NOT_BY_VIDEO.values())
    assert kind_of(INVITATION, Modality.VIDEO) == INVITATION
    assert kind_of(NEARLY, Modality.PHONE) == NEARLY, "it calls back to the waiting room"


def test_who_is_phoned_reads_on_which_number_and_by_whom() -> None:
    said = WORDING(INVITED)
    assert "Dr Khan phones you then, on your number ending in 0605." in said.text
    assert "Dr Khan phones you then, on your number ending in 0605." in said.sms
    assert "video" not in f"{said.subject}{said.text}{said.html}{said.sms}"
    assert (said.title, said.place) == ("Visit by phone", "By phone")
    assert said.advice.startswith("Dr Khan phones you then")


def test_who_comes_to_a_site_reads_where_it_is() -> None:
    said = WORDING(replace(INVITED, values=COMES))
    assert "Please come to Hillside Clinic, 4 Mill Lane, Hillside. Staff there help you." in said.sms
    assert "4 Mill Lane" in said.html
    assert (said.title, said.place) == ("Visit at the clinic", COMES["site"])
    assert said.advice.startswith("Please come to Hillside Clinic")


def test_a_visit_by_video_is_nowhere_in_calendars() -> None:
    said = WORDING(LETTER)
    assert (said.title, said.place) == ("Video visit", "")
    assert said.advice.startswith("Open the link")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", sorted(WAY_TEXTS))
@pytest.mark.parametrize("values", [PHONED, COMES], ids=["phone", "site"])
def test_no_message_takes_more_than_three_parts(template: str, language: str, values: dict[str, str]) -> None:
    said = WORDING(replace(LETTER, template=template, language=language, values=values))
    assert segments(said.sms) <= MOST_SEGMENTS
    assert said.sms.endswith("555 0100")
    assert LINK in said.sms or said.shortened or "{link}" not in WAY_TEXTS[template].sms
    if "{how}" in WAY_TEXTS[template].sms:
        assert (values.get("digits") or "Hillside Clinic, 4 Mill Lane") in said.sms
    if language in {"en", "es", "fr", "pt", "sw"} and "{day}" not in WAY_TEXTS[template].sms:
        assert is_gsm(said.sms)
        assert not said.shortened
