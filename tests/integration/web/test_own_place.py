"""The own place of who came without an appointment: by a link, which opens the visit once they are called."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.integration.storage.cast import AMARA, BO, CARDIOLOGY, CY, HOSPITAL, NOOR, RURAL, closure
from tests.integration.web.hospital import COORDINATOR, Hospital, Person
from tests.integration.web.test_queue_page import added

LINKS = "/api/v1/queue-links"
COMES = {"patient_id": BO.id, "service_id": CARDIOLOGY.id, "triage": "urgent"}


async def given(hospital: Hospital) -> tuple[Person, Person, str]:
    """Noor, somebody with a phone, and the secret of the link that Noor's screen shows."""
    noor, _ = await added(hospital)
    shown = (await noor.get("/queue")).text
    return noor, await hospital.visitor(), shown.partition("/v/queue?lang=en#")[2][:43]


async def stands(person: Person, token: str, step: str = "look") -> Any:
    return (await person.post(f"{LINKS}/{step}", {"token": token})).json


async def test_the_place_is_told_in_words_and_says_no_name(hospital: Hospital) -> None:
    _, phone, token = await given(hospital)
    kai = await hospital.staff(COORDINATOR)
    assert (await phone.get("/v/queue")).status == 200
    first = await stands(phone, token)
    assert first == {
        "state": "waiting", "ahead": 0, "minutes": 0, "place": "You are next", "wait": "",
        "organization": RURAL.name, "phone": RURAL.phone,
    }  # fmt: skip
    assert (await kai.post("/api/v1/queue", COMES)).status == 201
    later = await stands(phone, token)
    assert (later["place"], later["wait"]) == ("1 person is before you", "About 20 minutes to wait.")


async def test_going_away_and_coming_back_keeps_the_arrival(hospital: Hospital) -> None:
    _, phone, token = await given(hospital)
    (one,) = hospital.units.tables.walk_ins
    came = hospital.units.tables.walk_ins[one].arrived_at
    hospital.clock.move(minutes=5)
    assert (await stands(phone, token, "leave"))["state"] == "left"
    assert "Has left" in (await (await hospital.staff(NOOR)).get("/queue")).text
    assert (await stands(phone, token, "return"))["state"] == "waiting"
    assert hospital.units.tables.walk_ins[one].arrived_at == came
    (entry,) = [each for each in hospital.units.tables.entries.values() if each.action == "walk-in:leave"]
    assert (entry.actor_kind, entry.actor_id) == ("visitor", CY.id)


async def test_the_same_secret_opens_the_visit_after_the_call(hospital: Hospital) -> None:
    _, phone, token = await given(hospital)
    assert (await phone.post("/api/v1/visit-links/look", {"token": token})).status == 404
    amara = await hospital.staff(AMARA)
    assert (await amara.form(f"/queue/next/{CARDIOLOGY.id}", {})).status == 303
    assert (await stands(phone, token))["state"] == "called"
    for step in ("leave", "return"):
        assert (await phone.post(f"{LINKS}/{step}", {"token": token})).json["code"] == "wrong-state"
    opened = await phone.post("/api/v1/visit-links/open", {"token": token})
    assert (opened.status, opened.json["status"]) == (200, "arrived")
    assert opened.json["visit"] in hospital.units.tables.visits


async def test_a_closed_clinic_says_so_and_until_when(hospital: Hospital) -> None:
    _, phone, token = await given(hospital)
    now = hospital.clock.at
    shut = replace(closure(), organization_id=RURAL.id, start=now, end=now + timedelta(hours=2))
    async with hospital.units.writing() as uow:
        await uow.closures.add(shut)
    told = await stands(phone, token)
    assert (told["ahead"], told["place"]) == (None, "The clinic is closed now")
    assert told["wait"].startswith("The clinic opens again today at ")


async def test_who_was_sent_on_reads_the_clinic_where_they_are(hospital: Hospital) -> None:
    noor, phone, token = await given(hospital)
    (one,) = hospital.units.tables.walk_ins
    onward = {"organization_id": HOSPITAL.id, "service_id": CARDIOLOGY.id, "because": "Needs an X-ray"}
    assert (await noor.form(f"/queue/{one}/send", onward)).status == 303
    assert (await stands(phone, token))["organization"] == HOSPITAL.name


async def test_the_place_of_an_earlier_day_is_over(hospital: Hospital) -> None:
    _, phone, token = await given(hospital)
    hospital.clock.move(days=1, seconds=1)
    assert (await stands(phone, token))["state"] == "over"
    assert (await phone.post(f"{LINKS}/leave", {"token": token})).status == 404


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    _, phone, token = await given(hospital)
    for wrong in ("x" * 43, token[:-1], f"{token}x"):
        for step in ("look", "leave", "return"):
            assert (await phone.post(f"{LINKS}/{step}", {"token": wrong})).status == 404
    for _ in range(10):
        answer = await phone.post(f"{LINKS}/look", {"token": token})
    assert answer.status == 200
    assert (await phone.post(f"{LINKS}/look", {"token": token})).status == 429
