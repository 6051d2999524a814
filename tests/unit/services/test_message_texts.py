"""An organization's own words: kept by its administrators, tried on an example person, used from then on."""

from dataclasses import replace

import pytest

from telehealth.domain.access import Actor, ActorKind
from telehealth.domain.errors import BadInput, NotFound, NotPermitted, StaleVersion
from telehealth.domain.outbox import Channel
from telehealth.domain.own_text import OwnText
from telehealth.domain.people import Role
from telehealth.notify.templates import Wording
from telehealth.services.delivery import Delivery
from telehealth.services.message_texts import EXAMPLE_TOKEN, MessageTexts
from tests.fakes import Posted
from tests.unit.services.conftest import BASE, House
from tests.unit.services.test_delivery import INVITATIONS, TOKENS, booked

ADA = Actor(ActorKind.STAFF, "ada", Role.ADMINISTRATOR, "hospital", "session", "Ada Lund")
ROSA = replace(ADA, id="rosa", organization_id="clinic")
AMARA = replace(ADA, id="amara", role=Role.SPECIALIST)
DRAFT = OwnText(
    "",
    "visit-invitation",
    "en",
    "A word from {clinic}",
    "Dear patient, {practitioner} sees you {when}.\n\n{link}\n\nOr call {phone}. <b>{zone}</b>",
    "{practitioner} sees you {when}: {link}",
)


@pytest.fixture
def texts(house: House) -> MessageTexts:
    return MessageTexts(work=house.work, words=Wording(), languages=("en", "es"), public_url=BASE)


async def test_every_kind_and_language_is_listed_with_whose_words_it_has(texts: MessageTexts) -> None:
    lines = await texts.listed(ADA)
    assert {(line.template, line.language) for line in lines} >= {
        ("visit-invitation", "en"),
        ("visit-cancelled", "es"),
    }
    assert not any(line.own for line in lines)
    assert not any(line.template.startswith(("staff", "password", "totp")) for line in lines)
    await texts.save(ADA, DRAFT)
    own = [(line.template, line.language) for line in await texts.listed(ADA) if line.own]
    assert own == [("visit-invitation", "en")]
    assert not any(line.own for line in await texts.listed(ROSA))


async def test_a_preview_says_it_to_an_example_person_and_keeps_nothing(
    texts: MessageTexts, house: House
) -> None:
    view = await texts.preview(ADA, DRAFT)
    assert view.preview.subject == "A word from District Hospital"
    assert f"Open this link when it is time:\n{BASE}/v?lang=en#{EXAMPLE_TOKEN}\n" in view.preview.text
    assert view.preview.sms.startswith("Dr Amina Khan sees you on ")
    assert "&lt;b&gt;" in view.preview.html
    assert house.units.tables.texts == {}
    assert not (await texts.read(ADA, "visit-invitation", "en")).own


async def test_own_words_leave_with_the_next_message_and_the_standard_after_a_reset(
    texts: MessageTexts, house: House
) -> None:
    await texts.save(ADA, DRAFT)
    await booked(house)
    posted = Posted()
    delivery = Delivery(
        work=house.work,
        messengers={Channel.EMAIL: posted},
        words=Wording(),
        invitations=INVITATIONS,
        wishes={},
    )
    await delivery.send_due(Channel.EMAIL)
    (mail,) = posted.messages
    assert mail.subject == "A word from District Hospital"
    assert TOKENS.derive("visit", "bo", 1) in mail.text
    assert mail.text.count("+34600000000") == 1  # the help line is not said twice
    await texts.reset(ADA, "visit-invitation", "en")
    await texts.reset(ADA, "visit-invitation", "en")
    assert not (await texts.read(ADA, "visit-invitation", "en")).own
    assert [entry for entry in house.actions() if "text" in entry] == [
        "text:change success",
        "text:reset success",
    ]


SERIES = replace(
    DRAFT,
    template="series-booked",
    subject="{count} visits",
    body="Dear patient, {practitioner} sees you:\n\n{times}\n\nSee you then.",
    sms="{count} times with {practitioner}, first {when}: {link}",
)


async def test_a_preview_of_a_series_lists_example_times_with_their_links(texts: MessageTexts) -> None:
    view = await texts.preview(ADA, SERIES)
    assert view.preview.subject == "3 visits"
    assert view.preview.text.count(EXAMPLE_TOKEN) == 3
    assert view.preview.sms.startswith("3 times with Dr Amina Khan, first on ")
    off = await texts.read(ADA, "series-cancelled", "en")
    assert off.listing
    assert not off.sms_linked
    assert EXAMPLE_TOKEN not in off.preview.text


@pytest.mark.parametrize("kind", ["series-booked", "series-moved", "series-cancelled"])
async def test_the_standard_of_a_series_is_itself_a_good_wording_of_ones_own(
    texts: MessageTexts, kind: str
) -> None:
    view = await texts.read(ADA, kind, "en")
    await texts.save(ADA, replace(view.text, subject="Of our own"))
    assert (await texts.read(ADA, kind, "en")).preview.subject == "Of our own"


async def test_two_administrators_do_not_write_over_each_other(texts: MessageTexts) -> None:
    await texts.save(ADA, DRAFT)
    with pytest.raises(StaleVersion):
        await texts.save(ADA, replace(DRAFT, subject="{clinic}, second"))
    await texts.save(ADA, replace(DRAFT, subject="{clinic}, third", version=1))
    assert (await texts.read(ADA, "visit-invitation", "en")).text.subject == "{clinic}, third"


@pytest.mark.parametrize(
    "change,field",
    [
        ({"body": "Come."}, "body"),
        ({"sms": "{link} {when} " + "very " * 80}, "sms"),
        ({"sms": "{link} " + "تعال " * 40}, "sms"),
        ({"subject": "{link}"}, "subject"),
    ],
)
async def test_what_cannot_be_sent_is_not_kept(
    texts: MessageTexts, change: dict[str, str], field: str
) -> None:
    for tried in (texts.preview, texts.save):
        with pytest.raises(BadInput) as refused:
            await tried(ADA, replace(DRAFT, **change))
        assert [each.field for each in refused.value.problems] == [field]


@pytest.mark.parametrize("kind,language", [("staff-invitation", "en"), ("visit-invitation", "xx")])
async def test_what_is_no_message_to_patients_is_not_there(
    texts: MessageTexts, kind: str, language: str
) -> None:
    with pytest.raises(NotFound):
        await texts.read(ADA, kind, language)
    with pytest.raises(NotFound):
        await texts.save(ADA, replace(DRAFT, template=kind, language=language))
    with pytest.raises(NotFound):
        await texts.reset(ADA, kind, language)


async def test_a_stranger_is_refused_and_another_house_has_its_own(texts: MessageTexts) -> None:
    await texts.save(ADA, DRAFT)
    with pytest.raises(NotPermitted):
        await texts.listed(AMARA)
    with pytest.raises(NotPermitted):
        await texts.save(AMARA, DRAFT)
    with pytest.raises(NotPermitted):
        await texts.reset(AMARA, "visit-invitation", "en")
    assert not (await texts.read(ROSA, "visit-invitation", "en")).own
    await texts.reset(ROSA, "visit-invitation", "en")
    assert (await texts.read(ADA, "visit-invitation", "en")).own
