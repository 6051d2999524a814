"""What a booking brings along: the visit, the patient's link, and in the outbox invitation and reminders."""

from collections.abc import Collection
from dataclasses import replace

from telehealth.domain.appointment import Appointment
from telehealth.domain.consultation import Consultation, Device, VisitStatus
from telehealth.domain.modality import Modality
from telehealth.domain.organizations import HealthcareService
from telehealth.domain.outbox import (
    CANCELLED,
    EVERY_WAY,
    INVITATION,
    REMINDING,
    Channel,
    OutboxMessage,
    ways_to,
)
from telehealth.domain.people import Patient
from telehealth.domain.reminders import reminders_of
from telehealth.domain.visiting import VisitLink
from telehealth.domain.walk_in import WalkIn
from telehealth.services.gathering import gather
from telehealth.services.offer_links import OfferLinks
from telehealth.services.ports import LinkKeys
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work


class Invitations:
    """Links to visits and the messages that carry them. Tokens are derived when needed and kept nowhere."""

    def __init__(
        self,
        *,
        keys: LinkKeys,
        public_url: str,
        relay_only: bool = False,
        ways: Collection[Channel] = EVERY_WAY,
        gathers: bool = False,
    ) -> None:
        """`ways` are the channels that this installation can send by.

        With `gathers` news wait a little for more to the same patient, and leave as one message.
        """
        self._gathers = gathers
        self._keys = keys
        self._public_url = public_url
        self._ways = ways
        self.relay_only = relay_only
        self.offers = OfferLinks(keys=keys, page=f"{public_url}/v/offer")
        self.choices = OfferLinks(keys=keys, page=f"{public_url}/v/choose")

    def on(self, public_url: str) -> "Invitations":
        """Return the same links on another public URL."""
        return Invitations(
            keys=self._keys, public_url=public_url, relay_only=self.relay_only, ways=self._ways
        )

    def together(self) -> "Invitations":
        """Return the same for many changes, one after the other: each patient is told once."""
        return Invitations(
            keys=self._keys,
            public_url=self._public_url,
            relay_only=self.relay_only,
            ways=self._ways,
            gathers=True,
        )

    def url(self, link: VisitLink, language: str) -> str:
        """Return the link's address: the language in the query, the token in the fragment."""
        token = self._keys.derive(link.visit_id, link.person_id, link.generation)
        return f"{self._public_url}/v?lang={language}#{token}"

    def place_url(self, walk_in: WalkIn, language: str) -> str:
        """Return where somebody sees their place in a queue; the token is that of their visit to come."""
        token = self._keys.derive(walk_in.id, walk_in.patient_id, 1)
        return f"{self._public_url}/v/queue?lang={language}#{token}"

    def place_digest(self, walk_in_id: str, patient_id: str) -> bytes:
        """Return what the database keeps of that token."""
        return self._keys.digest(self._keys.derive(walk_in_id, patient_id, 1))

    def sends(self, channel: Channel) -> bool:
        """Whether this installation can send by a channel."""
        return channel in self._ways

    def code(self, link: VisitLink) -> str:
        """Return the code that stands beside the link, in two groups of four."""
        code = self._keys.spoken(link.visit_id, link.person_id, link.generation)
        return f"{code[:4]}-{code[4:]}"

    def link(self, work: Work, visit_id: str, person_id: str, generation: int = 1) -> VisitLink:
        """Make the link of `person_id` to `visit_id`."""
        token = self._keys.derive(visit_id, person_id, generation)
        code = self._keys.spoken(visit_id, person_id, generation)
        return VisitLink(
            id=work.identifier(),
            visit_id=visit_id,
            person_id=person_id,
            generation=generation,
            digest=self._keys.digest(token),
            code_digest=self._keys.digest(code),
        )

    async def rotate(
        self,
        work: Work,
        uow: UnitOfWork,
        visit: Consultation,
        *,
        keep: Collection[str | None] = (),
        moved: bool = False,
    ) -> tuple[str, ...]:
        """Replace the patient's link; whoever came by the older one is out, but for the sessions `keep`.

        With `moved` the older one still tells the new time. Returns the sessions that ended, to be
        announced. The visit itself is its caller's to save.
        """
        now, link = work.clock.now(), await uow.visits.link_of(visit.id, visit.patient_id)
        generation = 1 if link is None else link.generation + 1
        if link is not None:
            await uow.visits.save_link(replace(link, revoked_at=now, moved=moved))
        await uow.visits.add_link(self.link(work, visit.id, visit.patient_id, generation))
        ended = []
        for session in await uow.visits.sessions_of(visit.id):
            if session.id in keep:
                await uow.visits.save_session(replace(session, generation=generation))
            elif session.ended_at is None:
                await uow.visits.save_session(replace(session, ended_at=now))
                ended.append(session.id)
        return tuple(ended)

    async def revoke(self, work: Work, uow: UnitOfWork, visit: Consultation) -> None:
        """Kill the patient's link and take its reminders back."""
        await uow.outbox.take_back(visit.id, REMINDING)
        link = await uow.visits.link_of(visit.id, visit.patient_id)
        if link is not None:
            await uow.visits.save_link(replace(link, revoked_at=work.clock.now()))

    async def withdraw(
        self, work: Work, uow: UnitOfWork, visit: Consultation, appointment: Appointment
    ) -> None:
        """Kill the patient's link and tell the patient that the visit is off."""
        await self.revoke(work, uow, visit)
        patient = await uow.patients.get(visit.patient_id)
        if patient is not None and not visit.test:
            await self.tell(work, uow, CANCELLED, patient, appointment, visit.id)

    async def invite(
        self,
        work: Work,
        uow: UnitOfWork,
        template: str,
        patient: Patient,
        appointment: Appointment,
        visit_id: str,
        service: HealthcareService,
    ) -> None:
        """Put an invitation, or the news of another time, into the outbox with the reminders of that time."""
        told = self._told(work, template, patient, appointment, visit_id)
        if self._gathers:
            await gather(uow, told, work.clock.now())
            told = []
        await uow.outbox.put(*told, *self._reminders(work, patient, appointment, visit_id, service))

    async def remind(
        self,
        work: Work,
        uow: UnitOfWork,
        patient: Patient,
        appointment: Appointment,
        visit_id: str,
        service: HealthcareService,
    ) -> None:
        """Put a visit's reminders into the outbox, each due at its own time.

        Those of a time before are taken back by whoever moves the visit, see `Moving`.
        """
        await uow.outbox.put(*self._reminders(work, patient, appointment, visit_id, service))

    async def tell(
        self,
        work: Work,
        uow: UnitOfWork,
        template: str,
        patient: Patient,
        appointment: Appointment,
        visit_id: str,
        more: dict[str, str] | None = None,
    ) -> None:
        """Put a message about a visit into the outbox, once for each way that leads to the patient.

        By every way, not the best one: an SMS is at hand when it is time, an e-mail holds all of it, and
        numbers and addresses go stale unnoticed. The link in both is one and the same. `more` is what such
        a message keeps beside its visit's time.
        """
        told = self._told(work, template, patient, appointment, visit_id)
        told = [replace(each, values=each.values | (more or {})) for each in told]
        if self._gathers:
            await gather(uow, told, work.clock.now())
        else:
            await uow.outbox.put(*told)

    def ways(self, patient: Patient) -> tuple[Channel, ...]:
        """Return the channels by which messages go to a patient; none where nothing is on file."""
        return ways_to(patient.phone, patient.email, self._ways)

    def _told(
        self, work: Work, template: str, patient: Patient, appointment: Appointment, visit_id: str
    ) -> list[OutboxMessage]:
        return [message(work, way, template, patient, appointment, visit_id) for way in self.ways(patient)]

    def _reminders(
        self,
        work: Work,
        patient: Patient,
        appointment: Appointment,
        visit_id: str,
        service: HealthcareService,
    ) -> list[OutboxMessage]:
        start, ways, now = appointment.start, self.ways(patient), work.clock.now()
        return [
            replace(
                message(work, each.channel, each.template, patient, appointment, visit_id),
                due_at=each.due,
                values=about(appointment) | {"until": each.until.isoformat()},
            )
            for each in reminders_of(start, service.reminders, patient.zone, ways, now)
        ]


async def make_visit(
    work: Work,
    uow: UnitOfWork,
    invitations: Invitations,
    appointment: Appointment,
    patient: Patient,
    service: HealthcareService,
    *,
    silent: bool,
    visit_id: str = "",
) -> tuple[str, str]:
    """Store the visit, its link and (unless `silent`) its messages; return the visit's id and URL.

    It gets a new id unless `visit_id` says which.
    """
    now = work.clock.now()
    visit = Consultation(
        id=visit_id or work.identifier(),
        appointment_id=appointment.id,
        organization_id=appointment.organization_id,
        patient_id=patient.id,
        practitioner_id=appointment.practitioner_id,
        status=VisitStatus.BOOKED,
        since=now,
        relay_only=invitations.relay_only,
        test=appointment.test,
        device=Device.PHONE if appointment.modality is Modality.PHONE else Device.UNKNOWN,
    )
    await uow.visits.add(visit)
    link = invitations.link(work, visit.id, patient.id)
    await uow.visits.add_link(link)
    if not silent:
        await invitations.invite(work, uow, INVITATION, patient, appointment, visit.id, service)
    return visit.id, invitations.url(link, patient.language)


def message(
    work: Work, way: Channel, template: str, patient: Patient, appointment: Appointment, visit_id: str
) -> OutboxMessage:
    """Return the message to a patient about a visit; names and times are filled in when it is sent."""
    now = work.clock.now()
    return OutboxMessage(
        id=work.identifier(),
        channel=way,
        template=template,
        person_id=patient.id,
        language=patient.language,
        values=about(appointment),
        due_at=now,
        organization_id=appointment.organization_id,
        made_at=now,
        changed_at=now,
        visit_id=visit_id,
    )


def about(appointment: Appointment) -> dict[str, str]:
    """Return what a message keeps of its visit: one about a time that is no more is not sent."""
    return {"appointment": appointment.id, "start": appointment.start.isoformat()}
