"""/line: the waiting room for the clinic's staff, complete without scripts."""

from datetime import timedelta

from tests.integration.storage.cast import AMARA, CARDIOLOGY, CY, NOOR
from tests.integration.web.hospital import ADA, Hospital
from tests.integration.web.journeys import opened, waiting


async def waits(hospital: Hospital) -> str:
    """Noor books Cy, who is her clinic's patient, with Dr Amara; Cy waits."""
    noor = await hospital.staff(NOOR)
    start = hospital.clock.at.replace(minute=0, second=0) + timedelta(hours=1)
    wanted = {
        "service": CARDIOLOGY.id,
        "start": start.isoformat().replace("+00:00", "Z"),
        "end": (start + timedelta(hours=6)).isoformat().replace("+00:00", "Z"),
    }
    slot = (await noor.get("/api/v1/slots", params=wanted)).json["slots"][0]
    body = {"patient_id": CY.id, "service_id": CARDIOLOGY.id, "practitioner_id": AMARA.id}
    made = await noor.post("/api/v1/appointments", body | {"start": slot["start"]})
    person = await opened(hospital, made.json)
    for step in ("consent", "wait"):
        assert (await person.post(f"/api/v1/my/{made.json['visit']}/{step}")).status == 200
    return str(made.json["visit"])


async def test_somebody_is_brought_to_the_front_and_back_into_turn(hospital: Hospital) -> None:
    noor = await hospital.staff(NOOR)
    assert "Nobody is waiting." in (await noor.get("/line")).text
    visit = await waits(hospital)
    shown = (await noor.get("/line")).text
    assert f'action="/line/{visit}/urgent"' in shown
    assert "Dr Amara" in shown
    done = await noor.form(f"/line/{visit}/urgent", {})
    assert (done.status, done.headers["Location"]) == (303, "/line")
    after = (await noor.get("/line")).text
    assert "Urgent" in after
    assert f'action="/line/{visit}/routine"' in after
    assert (await noor.form(f"/line/{visit}/soon", {})).status == 404
    assert "line:read" in hospital.actions()


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    visit, _, _ = await waiting(hospital)
    noor = await hospital.staff(NOOR)
    assert visit not in (await noor.get("/line")).text
    assert (await noor.form(f"/line/{visit}/urgent", {})).status == 404
    for who in (AMARA, ADA):
        assert (await (await hospital.staff(who)).get("/line")).status == 403
