"""What a message will say: the facts behind a template, looked up at the moment of sending."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from telehealth.calendars import Entry
from telehealth.domain.consultation import AWAITED, CLOSED, VisitStatus
from telehealth.domain.lateness import AT_HOME
from telehealth.domain.outbox import (
    CONTACT_CODE,
    IN_CALENDARS,
    LATENESS,
    OF_SERIES,
    REMINDING,
    SUPERSEDED,
    TO_PATIENTS,
    TOO_LATE,
    WAITLIST_OFFER,
    WITH_LINK,
    Channel,
    OutboxMessage,
    kind_of,
)
from telehealth.domain.own_text import OwnText
from telehealth.domain.visiting import VisitLink, window
from telehealth.services.calendar_entries import entry_of
from telehealth.services.gathering import NEWS
from telehealth.services.repositories import DayRow, UnitOfWork
from telehealth.services.several import Dated, Facts, of_changes, of_series, still_new, way_in
from telehealth.services.unvisited import of_choice, of_offer
from telehealth.services.visit_making import Invitations
from telehealth.services.ways import way_facts

Found = TypeVar("Found")
CODE_GOOD_FOR = timedelta(minutes=10)
"""As long as a time is held that it confirms."""


class NotDelivered(Exception):
    """A message did not leave. `code` is stable and names no one; `final` ones are not tried again.

    `bounced` says that the reader's own side refused it, not ours.
    """

    def __init__(self, code: str, *, final: bool = False, bounced: bool = False) -> None:
        super().__init__(code)
        self.code, self.final, self.bounced = code, final or bounced, bounced


@dataclass(frozen=True, slots=True)
class Letter:
    """The facts of one message. `values` are texts by name; `at` is shown as wall time in `zone`.

    `now` is when it is written: what is on the same day there is called today. `own` is the organization's
    wording, where it has one. `entries` are what calendars learn from it, `dates` several visits' times.
    """

    template: str
    language: str
    to: str = field(repr=False)
    values: Mapping[str, str] = field(repr=False)
    at: datetime
    zone: str
    now: datetime
    patient_id: str = ""
    own: OwnText | None = None
    entries: tuple[Entry, ...] = ()
    dates: tuple[Dated, ...] = ()


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in words: an e-mail's subject, sender and two parts, and the same as a short message.

    `shortened` says that the short message's full form would have been too long. `title`, `advice` and
    `place` are a visit's in a calendar; by video there is no place.
    """

    subject: str
    text: str
    html: str
    sms: str
    sender: str
    shortened: bool
    title: str
    advice: str
    place: str


class Words(Protocol):
    """Puts letters into words; telehealth.notify has it."""

    def kinds(self) -> tuple[str, ...]:
        """Return the templates that an organization may word itself: those to patients."""

    def standard(self, template: str, language: str) -> OwnText:
        """Return a template's standard wording in a language, of no organization."""

    def language(self, *wanted: str) -> str:
        """Return the first language of `wanted` that can be spoken, else the source language."""

    def __call__(self, letter: Letter) -> Rendered:
        """Return the letter in words; raise NotDelivered (`no-template`) for an unknown template."""


class Letters:
    """Looks up whom a message goes to and what it is about."""

    def __init__(self, *, invitations: Invitations, words: Words) -> None:
        self._invitations, self._words = invitations, words

    async def write(self, uow: UnitOfWork, message: OutboxMessage, now: datetime) -> Letter:
        """Return the letter; raise NotDelivered: `superseded`, `too-late`, `no-address`, `no-template`."""
        if message.template == CONTACT_CODE:
            letter = await self._to_contact(uow, message, now)
        elif message.template in TO_PATIENTS:
            letter = await self._to_invited(uow, message, now)
        elif message.account_id:
            letter = await self._to_staff(uow, message, now)
        else:
            letter = await self._to_patient(uow, message, now)
        if not letter.to:
            raise NotDelivered("no-address", final=True)
        return letter

    async def _to_contact(self, uow: UnitOfWork, message: OutboxMessage, now: datetime) -> Letter:
        """Write to whoever says that this is their phone or address; too late it would only confuse."""
        organization = await uow.directory.organization(message.organization_id)
        if organization is None or now >= message.made_at + CODE_GOOD_FOR:
            raise NotDelivered(SUPERSEDED, final=True)
        return Letter(
            template=message.template,
            language=self._words.language(message.language, organization.language),
            to=message.values["to"],
            values={"clinic": organization.name, "code": message.values["code"], "phone": ""},
            at=now,
            zone="UTC",
            now=now,
        )

    async def _to_invited(self, uow: UnitOfWork, message: OutboxMessage, now: datetime) -> Letter:
        """Write to a patient before there is a visit: of a time kept for them, or one to choose."""
        patient = await uow.patients.get(message.person_id)
        organization = await uow.directory.organization(message.organization_id)
        if patient is None or organization is None:
            raise NotDelivered(SUPERSEDED, final=True)
        language = self._words.language(message.language, organization.language)
        facts_of = of_offer if message.template == WAITLIST_OFFER else of_choice
        facts = _needed(await facts_of(uow, self._invitations, message, language, now))
        return Letter(
            template=message.template,
            language=language,
            to=patient.phone if message.channel is Channel.SMS else patient.email,
            values={"clinic": organization.name, "phone": organization.phone, **facts.values},
            at=facts.at,
            zone=patient.zone,
            now=now,
            patient_id=patient.id,
            own=await uow.texts.get(organization.id, message.template, language),
        )

    async def _to_staff(self, uow: UnitOfWork, message: OutboxMessage, now: datetime) -> Letter:
        """Write to a member of staff: a one-time link, its time shown where the person works."""
        account = await uow.accounts.get(message.account_id)
        person = await uow.directory.practitioner(message.person_id)
        organization = await uow.directory.organization(message.organization_id)
        if account is None or person is None or organization is None or account.disabled_at is not None:
            raise NotDelivered(SUPERSEDED, final=True)
        site = await uow.directory.location(person.location_id)
        return Letter(
            template=message.template,
            language=message.language,
            to=account.email,
            values={
                "clinic": organization.name,
                "name": person.display,
                "link": message.values["url"],
                "phone": organization.phone,
            },
            at=datetime.fromisoformat(message.values["expires"]),
            zone=site.zone if site else "UTC",
            now=now,
        )

    async def _to_patient(self, uow: UnitOfWork, message: OutboxMessage, now: datetime) -> Letter:
        """Write to a patient about a visit; an invitation that came to nothing meanwhile is not sent."""
        message = _needed(await still_new(uow, message, now))
        row = await uow.visits.row(message.visit_id)
        if row is None:
            raise NotDelivered(SUPERSEDED, final=True)
        practitioner = await uow.directory.practitioner(row.visit.practitioner_id)
        organization = await uow.directory.organization(row.visit.organization_id)
        if practitioner is None or organization is None:
            raise NotDelivered(SUPERSEDED, final=True)
        language = self._words.language(message.language, organization.language)
        kind = kind_of(message.template, row.appointment.modality)
        facts = await self._facts(uow, message, row, now)
        named = {
            "clinic": organization.name,
            "phone": organization.phone,
            "practitioner": practitioner.display,
        }
        return Letter(
            template=kind,
            language=language,
            to=row.patient.phone if message.channel is Channel.SMS else row.patient.email,
            values={**named, **await way_facts(uow, row), **facts.values},
            at=facts.at,
            zone=row.patient.zone,
            now=now,
            patient_id=row.patient.id,
            own=await uow.texts.get(organization.id, kind, language),
            entries=facts.entries,
            dates=facts.dates,
        )

    async def _facts(self, uow: UnitOfWork, message: OutboxMessage, row: DayRow, now: datetime) -> Facts:
        """Return what a message says; raise NotDelivered where it says nothing any more."""
        if NEWS in message.values:
            return await of_changes(uow, self._invitations, message)
        if message.template in OF_SERIES:
            return _needed(await of_series(uow, self._invitations, message, row, now))
        return await self._of_visit(uow, message, row, now)

    async def _of_visit(self, uow: UnitOfWork, message: OutboxMessage, row: DayRow, now: datetime) -> Facts:
        """Return what a message about one visit says; raise NotDelivered where it says nothing any more."""
        values: dict[str, str] = {}
        if message.template in WITH_LINK and _start(message, row) != row.appointment.start:
            raise NotDelivered(SUPERSEDED, final=True)  # the visit was moved since, and has a newer link
        if message.template in REMINDING:
            _still_reminds(message, row, now)
        if message.template in LATENESS:
            values = _still_late(message, row, now)
        if message.template in WITH_LINK:
            link = await uow.visits.link_of(row.visit.id, message.person_id)
            values = self._way_in(row, link, message.language, now)
        entries = (await entry_of(uow, row),) if message.template in IN_CALENDARS else ()
        return Facts(_start(message, row), values, entries)

    def _way_in(self, row: DayRow, link: VisitLink | None, language: str, now: datetime) -> dict[str, str]:
        """Return link and code; raise NotDelivered when they would open nothing."""
        over = now >= window(row.appointment.start, row.appointment.end)[1]
        if link is None or link.revoked_at is not None or row.visit.status in CLOSED or over:
            raise NotDelivered(SUPERSEDED, final=True)
        return way_in(self._invitations.url(link, language), self._invitations.code(link))


def _needed(found: Found | None) -> Found:
    """Return what was found; raise NotDelivered (`superseded`) where there is nothing to say any more."""
    if found is None:
        raise NotDelivered(SUPERSEDED, final=True)
    return found


def _start(message: OutboxMessage, row: DayRow) -> datetime:
    """Return the time that the message was about: a cancellation names the time that was, not a later one."""
    text = message.values.get("start", "")
    return datetime.fromisoformat(text) if text else row.appointment.start


def _still_reminds(message: OutboxMessage, row: DayRow, now: datetime) -> None:
    """Raise NotDelivered where a reminder says nothing: the patient is here, or the next one says it."""
    if row.visit.status not in AWAITED | {VisitStatus.ARRIVED}:
        raise NotDelivered(SUPERSEDED, final=True)
    if now >= datetime.fromisoformat(message.values["until"]):
        raise NotDelivered(SUPERSEDED if now < row.appointment.start else TOO_LATE, final=True)


def _still_late(message: OutboxMessage, row: DayRow, now: datetime) -> dict[str, str]:
    """Return how late it is said to be; raise NotDelivered where the patient is here or the time is over."""
    start = row.appointment.start
    if row.visit.status not in AT_HOME or _start(message, row) != start or now >= start:
        raise NotDelivered(SUPERSEDED, final=True)
    return {"minutes": message.values["minutes"]}
