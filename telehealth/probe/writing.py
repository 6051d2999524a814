"""The specialist's steps during the visit: who and where the patient is, the note, signing it, ending."""

from dataclasses import dataclass

from signaling.announcements import Ended
from telehealth.probe.arriving import Sockets
from telehealth.probe.booking import Booked
from telehealth.probe.http import Caller
from telehealth.probe.timeline import Timeline
from telehealth.services.ports import Chance

MARK_BYTES = 6


@dataclass(frozen=True, slots=True)
class Written:
    """What was typed, by field, and the id of the document it became."""

    fields: dict[str, str]
    composition: str


def typed(chance: Chance) -> dict[str, str]:
    """Return a note that no other has: several scripts, line breaks, and what markup would break on."""
    mark = chance.token(MARK_BYTES).hex()
    return {
        "history": f"Written by the probe ({mark}): no patient was seen.\nSecond line.",
        "findings": 'Pupils < 4 mm & equal; "clear" on both sides, 37.2 °C.',
        "assessment": "Ninguna dolencia · без жалоб · 無異常 · سليم",
        "plan": f"<b>None</b>; mark {mark}.",
        "outcome": "follow-up-video",
        "when": "2 weeks",
    }


async def write_note(staff: Caller, booked: Booked, chance: Chance, timeline: Timeline) -> Written:
    """Confirm identity and place, save the note and sign it."""
    visit = f"/api/v1/visits/{booked.visit}"
    async with timeline.step("confirm"):
        heard = {"identifiers": ["name", "birth-date"], "place": "The probe's rack", "callback": "+15550100"}
        confirmed = await staff.put(f"{visit}/confirmation", heard)
        confirmed.expect(heard["place"], "confirmation", "place")
    fields = typed(chance)
    async with timeline.step("note"):
        saved = await staff.put(f"{visit}/note", fields | {"version": 0})
        saved.expect(fields, "content")
    async with timeline.step("sign"):
        signed = await staff.post(f"{visit}/note/signature", {"version": saved.number("version")})
        signed.expect("signed", "state")
        signed.expect(booked.visit, "record", "encounter")
        composition = signed.text("record", "composition")
    return Written(fields, composition)


async def end_visit(
    staff: Caller, patient: Caller, sockets: Sockets, booked: Booked, written: Written, timeline: Timeline
) -> None:
    """End the visit; the patient's page is told, and shows what was agreed."""
    async with timeline.step("end") as step:
        (await staff.post(f"/api/v1/visits/{booked.visit}/end")).expect("completed", "status")
        step.waits_for = lambda: "the patient was not told that the visit ended"
        await sockets.patient.first(Ended, lambda told: told.reason == "ended")
        after = await patient.get(f"/api/v1/my/{booked.visit}")
        after.expect(written.fields["outcome"], "summary", "outcome")
        after.expect(written.fields["when"], "summary", "when")
