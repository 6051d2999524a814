"""What was written in a call, as JSON for its specialist, and the page's part that it is shown in."""

import pytest

from telehealth.domain.access import Actor, ActorKind
from telehealth.domain.conversation import Kind, Phrase, Speech
from telehealth.domain.people import Role
from telehealth.domain.seating import Seat
from tests.integration.storage.cast import AMARA, NOOR
from tests.integration.web.hospital import STRANGER, Hospital
from tests.integration.web.journeys import in_call
from web.keys import SERVICES

CAPTION = Speech("one", Kind.CAPTION, Phrase.OWN, "Do your ankles swell?")
PHRASE = Speech("two", Kind.CAPTION, Phrase.LOUDER, "")


async def written(hospital: Hospital) -> str:
    """Dr Amara has typed a caption and sent a phrase in Bo's call; returns the visit."""
    visit, *_ = await in_call(hospital)
    amara = Actor(ActorKind.STAFF, AMARA.id, Role.SPECIALIST, AMARA.organization_id, "session", AMARA.display)
    seat = Seat(visit, "s", "specialist", AMARA.display, polite=False, relay_only=False)
    for speech in (CAPTION, PHRASE):
        await hospital.server.app[SERVICES].conversation.say(amara, visit, speech, seat)
    return visit


async def test_all_that_was_written_is_read_in_order(hospital: Hospital) -> None:
    visit = await written(hospital)
    said = (await (await hospital.staff(AMARA)).get(f"/api/v1/visits/{visit}/conversation")).json["said"]
    assert [(each["seq"], each["text"], each["phrase"]) for each in said] == [
        (1, "Do your ankles swell?", ""),
        (2, "", "louder"),
    ]
    assert {(each["sender"], each["name"], each["part"], each["kind"]) for each in said} == {
        ("s", AMARA.display, "", "caption")
    }
    assert said[0]["at"].endswith("Z")


@pytest.mark.parametrize("who, status", [(STRANGER, 404), (NOOR, 403)])
async def test_a_stranger_is_refused(hospital: Hospital, who: object, status: int) -> None:
    visit = await written(hospital)
    stranger = await hospital.staff(who)  # type: ignore[arg-type]
    answer = await stranger.get(f"/api/v1/visits/{visit}/conversation")
    assert answer.status == status
    assert "ankles" not in answer.text
    patient = await hospital.visitor()
    assert (await patient.get(f"/api/v1/visits/{visit}/conversation")).status == 401


async def test_the_page_fetches_field_and_phrases_when_a_call_begins(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    page = (await amara.get("/clinic-words")).text
    assert "Type caption" in page
    assert "Please speak a little louder." in page
    assert (await (await hospital.visitor()).get("/clinic-words")).status == 303
