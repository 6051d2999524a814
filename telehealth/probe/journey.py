"""A whole visit, step by step: from signing in to reading the signed note back and signing out."""

import ssl
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from telehealth.probe.arriving import open_link, open_sockets, wait_and_admit
from telehealth.probe.booking import Booked, book, find_patient, find_slots
from telehealth.probe.call import calling
from telehealth.probe.credentials import Credentials
from telehealth.probe.http import Caller
from telehealth.probe.reading import read_back
from telehealth.probe.signing_in import be_ready, sign_in, sign_out
from telehealth.probe.timeline import Timeline
from telehealth.probe.writing import end_visit, write_note
from telehealth.services.ports import Chance, Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be played: against which server, as whom, and with the TURN servers tried or not."""

    base_url: str
    credentials: Credentials
    turn: bool = False
    tls: ssl.SSLContext | None = field(default=None, repr=False)


class Journey:
    """One visit with both its people."""

    def __init__(self, wanted: Wanted, clock: Clock, chance: Chance, timeline: Timeline) -> None:
        self._wanted = wanted
        self._clock = clock
        self._chance = chance
        self._timeline = timeline

    async def play(self) -> None:
        """Play the visit; raises ProbeFailed, after tidying up what was begun."""
        wanted, timeline = self._wanted, self._timeline
        timeline.heading(f"Probing {wanted.base_url} as {wanted.credentials.email}")
        async with (
            Caller(wanted.base_url, wanted.tls) as staff,
            Caller(wanted.base_url, wanted.tls) as patient,
        ):
            await be_ready(staff, self._clock, timeline)
            session = await sign_in(staff, wanted.credentials, self._clock, timeline)
            try:
                await self._visit(staff, patient, session.text("practitioner"))
            except BaseException:
                await staff.quietly("DELETE", "/api/v1/session")
                raise
            await sign_out(staff, timeline)
        timeline.total()

    async def _visit(self, staff: Caller, patient: Caller, practitioner: str) -> None:
        """Book a visit and hold it."""
        person = await find_patient(staff, self._wanted.credentials, self._timeline)
        slots = await find_slots(staff, practitioner, self._clock, self._timeline)
        booked = await book(staff, person, slots, self._chance, self._timeline)
        try:
            await self._attend(staff, patient, booked)
        except BaseException:
            await staff.quietly("POST", f"/api/v1/appointments/{booked.appointment}/cancel")
            await staff.quietly("POST", f"/api/v1/visits/{booked.visit}/end")
            raise

    async def _attend(self, staff: Caller, patient: Caller, booked: Booked) -> None:
        """Join, talk, write, end, and read back."""
        timeline = self._timeline
        await open_link(patient, booked, timeline)
        async with AsyncExitStack() as closing:
            sockets = await open_sockets(staff, patient, booked, timeline)
            closing.push_async_callback(sockets.specialist.close)
            closing.push_async_callback(sockets.patient.close)
            await wait_and_admit(staff, patient, sockets, booked, timeline)
            async with calling(staff, sockets, booked.visit, timeline, turn=self._wanted.turn):
                written = await write_note(staff, booked, self._chance, timeline)
                await end_visit(staff, patient, sockets, booked, written, timeline)
        await read_back(staff, booked, written, timeline)
