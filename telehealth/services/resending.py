"""Sending the link of a visit once more: asked for by staff, or by whoever holds an old link."""

import json
from collections.abc import Collection
from contextlib import suppress
from datetime import date, datetime, timedelta

from telehealth.domain.access import SYSTEM, Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.consultation import CLOSED, Consultation
from telehealth.domain.errors import NotFound, TooMany, VisitClosed
from telehealth.domain.outbox import INVITATION, INVITING, LINK_WANTED, WAITING, Channel, OutboxMessage
from telehealth.domain.people import PatientQuery
from telehealth.domain.visiting import window
from telehealth.domain.words import telephone
from telehealth.services.once import keep, recall
from telehealth.services.ports import LinkKeys
from telehealth.services.repositories import DayRow, UnitOfWork
from telehealth.services.trail import Once, Work, enter, require, role_allows
from telehealth.services.visit_making import Invitations

MOST = 4
"""Times that a link is sent within WITHIN, the invitation included."""
WITHIN = timedelta(hours=1)


class Resending:
    """Sends the newest link again, to the contacts on file and nowhere else. No link is changed by it."""

    def __init__(self, *, work: Work, keys: LinkKeys, invitations: Invitations) -> None:
        self._work, self._keys, self._invitations = work, keys, invitations

    async def again(self, actor: Actor, visit_id: str, once: Once | None = None) -> None:
        """Send the link of a visit again; what is on its way already is not sent twice.

        Raises VisitClosed where the link would open nothing, and TooMany.
        """
        role_allows(actor, Permission.MESSAGE_SEND)
        async with self._work.units.writing() as uow:
            if await recall(uow, once) is not None:
                return
            row = await uow.visits.row(visit_id)
            if row is None:
                raise NotFound
            ours = (row.appointment.organization_id, row.appointment.patient_organization_id)
            require(actor, Permission.MESSAGE_SEND, Subject(organizations=ours, visit_id=visit_id))
            if not self._opens(row):
                raise VisitClosed
            await self._send(uow, actor, row)
            await keep(self._work, uow, once, {"visit": visit_id})

    async def ask(self, token: str) -> None:
        """Take the wish of whoever holds a link, old or not: "send me a new one".

        The answer is the same and as quick whether there is such a link or not: it is looked up by the outbox
        worker, see `answer`.
        """
        await self._wish(self._keys.digest(token).hex())

    async def _wish(self, value: str) -> None:
        now = self._work.clock.now()
        wish = OutboxMessage(
            id=self._work.identifier(),
            channel=Channel.EMAIL,
            template=LINK_WANTED,
            person_id="",
            language="",
            values={"wish": value},
            due_at=now,
            organization_id="",
            made_at=now,
            changed_at=now,
        )
        async with self._work.units.writing() as uow:
            await uow.outbox.put(wish)

    async def ask_by_contact(self, contact: str, birth_date: date) -> None:
        """Take the wish of whoever knows a phone number or an e-mail address, and the birth date with it."""
        await self._wish(json.dumps({"contact": contact.strip(), "birth_date": birth_date.isoformat()}))

    async def answer(self, wish: str) -> None:
        """Send the link that opens something: of the visit of the old link or the next one of the person."""
        if wish.startswith("{"):
            return await self._answer_contact(json.loads(wish))
        return await self._answer_link(wish)

    async def _answer_contact(self, asked: dict[str, str]) -> None:
        contact = asked["contact"]
        number = "".join(telephone(contact).split())
        query = PatientQuery(email=contact) if "@" in contact else PatientQuery(phone=number)
        async with self._work.units.writing() as uow:
            for organization in await uow.directory.organizations():
                for patient in await uow.patients.search(query, organization.id):
                    if patient.birth_date.isoformat() == asked["birth_date"]:
                        await self._send_coming(uow, patient.id)

    async def _send_coming(self, uow: UnitOfWork, patient_id: str) -> None:
        row = await self._coming(uow, patient_id)
        if row is not None:
            with suppress(TooMany):
                await self._send(uow, SYSTEM, row)

    async def _answer_link(self, digest: str) -> None:
        async with self._work.units.writing() as uow:
            link = await uow.visits.link(bytes.fromhex(digest))
            visit = await uow.visits.get(link.visit_id) if link else None
            if link is None or visit is None or link.person_id != visit.patient_id:
                return
            row = await self._open_row(uow, visit)
            if row is None:
                return
            with suppress(TooMany):
                await self._send(uow, SYSTEM, row)

    async def _open_row(self, uow: UnitOfWork, visit: Consultation) -> DayRow | None:
        row = await uow.visits.row(visit.id)
        if row is not None and self._opens(row):
            return row
        return await self._coming(uow, visit.patient_id)

    async def _coming(self, uow: UnitOfWork, patient_id: str) -> DayRow | None:
        coming = await uow.visits.coming(patient_id, self._work.clock.now())
        row = await uow.visits.row(coming) if coming else None
        return row if row is not None and self._opens(row) else None

    def _opens(self, row: DayRow) -> bool:
        """Whether the visit's newest link opens something now or later."""
        over = self._work.clock.now() >= window(row.appointment.start, row.appointment.end)[1]
        return not (row.link is None or row.link.revoked_at or row.visit.status in CLOSED or over)

    async def _send(self, uow: UnitOfWork, actor: Actor, row: DayRow) -> None:
        """Put the invitation into the outbox again, unless it waits there; raises TooMany."""
        now = self._work.clock.now()
        sent = [each for each in await uow.outbox.of_visit(row.visit.id) if each.template in INVITING]
        if any(each.state in WAITING for each in sent):
            return
        check_rounds({each.made_at for each in sent}, now)
        visit_id = row.visit.id
        await self._invitations.tell(self._work, uow, INVITATION, row.patient, row.appointment, visit_id)
        await enter(
            self._work,
            uow,
            actor,
            AuditAction.LINK_SENT_AGAIN,
            patient_ids=(row.patient.id,),
            entity="Encounter",
            entity_id=visit_id,
        )


def check_rounds(made: Collection[datetime], now: datetime) -> None:
    """Pass while a link may be sent once more; `made` is when it was so far. Raises TooMany."""
    rounds = {each for each in made if each > now - WITHIN}
    if len(rounds) >= MOST:
        raise TooMany(int((min(rounds) + WITHIN - now).total_seconds()) + 1)
