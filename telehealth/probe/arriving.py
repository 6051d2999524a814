"""The patient's steps up to the waiting room, and the specialist's list that follows them."""

from dataclasses import dataclass

from signaling.announcements import ClinicLine, Visit
from signaling.client import SignalSocket
from signaling.messages import Watch
from telehealth.probe.booking import Booked
from telehealth.probe.http import Caller
from telehealth.probe.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Sockets:
    """Both sides' signalling connections."""

    specialist: SignalSocket
    patient: SignalSocket


async def open_link(patient: Caller, booked: Booked, timeline: Timeline) -> None:
    """Look at the link, open it, agree, and report a working camera."""
    link, mine = {"token": booked.token}, f"/api/v1/my/{booked.visit}"
    async with timeline.step("look"):
        (await patient.post("/api/v1/visit-links/look", link)).expect("open", "state")
    async with timeline.step("open"):
        (await patient.post("/api/v1/visit-links/open", link)).expect(booked.visit, "visit")
        told = await patient.get(mine)
        told.expect("arrived", "status")
        patient.csrf = told.text("csrf")
    async with timeline.step("consent"):
        (await patient.post(f"{mine}/consent")).expect(True, "consented")
    async with timeline.step("device"):
        (await patient.post(f"{mine}/device", {"state": "ready"})).expect("ready", "device")


async def open_sockets(staff: Caller, patient: Caller, booked: Booked, timeline: Timeline) -> Sockets:
    """Connect both sides; the specialist's follows the clinic."""
    async with timeline.step("sockets"):
        mine = await SignalSocket.open(staff.session, staff.base_url)
        try:
            await mine.say(Watch())
            theirs = await SignalSocket.open(patient.session, patient.base_url, visit=booked.visit)
        except BaseException:
            await mine.close()
            raise
    return Sockets(mine, theirs)


async def wait_and_admit(
    staff: Caller, patient: Caller, sockets: Sockets, booked: Booked, timeline: Timeline
) -> None:
    """Enter the waiting room, which the clinic sees at once; be let in, which the patient sees at once."""
    async with timeline.step("wait") as step:
        (await patient.post(f"/api/v1/my/{booked.visit}/wait")).expect("waiting", "status")
        step.waits_for = lambda: "the specialist's list was not told that the patient waits"
        await sockets.specialist.first(
            ClinicLine, lambda line: line.visit == booked.visit and line.status == "waiting"
        )
    async with timeline.step("admit") as step:
        (await staff.post(f"/api/v1/visits/{booked.visit}/admit")).expect("in-progress", "status")
        step.waits_for = lambda: "the patient was not told of being let in"
        await sockets.patient.first(Visit, lambda told: told.status == "in-progress")
