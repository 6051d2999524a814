"""Fake repositories of everything but care: directory, accounts, audit, answers, meta."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from telehealth.domain.accounts import Account, OneTimeLink, Session
from telehealth.domain.audit import AuditAction, AuditEntry, ChainLink
from telehealth.domain.errors import StaleVersion
from telehealth.domain.organizations import HealthcareService, Location, Organization
from telehealth.domain.people import Practitioner, Role
from telehealth.domain.scheduling import WeeklyHours
from telehealth.services.repositories import KeptAnswer
from tests.fakes.rows import change, forget, insert, swap


class FakeDirectory:
    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def add_organization(self, organization: Organization) -> None:
        insert(self._t.organizations, organization.id, organization)

    async def save_organization(self, organization: Organization) -> None:
        change(self._t.organizations, organization)

    async def organization(self, organization_id: str) -> Organization | None:
        return self._t.organizations.get(organization_id)

    async def organizations(self) -> list[Organization]:
        return list(self._t.organizations.values())

    async def add_location(self, location: Location) -> None:
        insert(self._t.locations, location.id, location)

    async def save_location(self, location: Location) -> None:
        swap(self._t.locations, location)

    async def location(self, location_id: str) -> Location | None:
        return self._t.locations.get(location_id)

    async def site_of(self, practitioner_id: str) -> Location | None:
        person = self._t.practitioners.get(practitioner_id)
        return self._t.locations.get(person.location_id) if person else None

    async def locations(self) -> list[Location]:
        return list(self._t.locations.values())

    async def add_service(self, service: HealthcareService) -> None:
        insert(self._t.services, service.id, service)

    async def save_service(self, service: HealthcareService) -> None:
        swap(self._t.services, service)

    async def service(self, service_id: str) -> HealthcareService | None:
        return self._t.services.get(service_id)

    async def services(self) -> list[HealthcareService]:
        return list(self._t.services.values())

    async def add_practitioner(self, practitioner: Practitioner) -> None:
        insert(self._t.practitioners, practitioner.id, practitioner)

    async def save_practitioner(self, practitioner: Practitioner) -> None:
        change(self._t.practitioners, practitioner)

    async def practitioner(self, practitioner_id: str) -> Practitioner | None:
        return self._t.practitioners.get(practitioner_id)

    async def practitioners(
        self, *, role: Role | None = None, organization_id: str = "", working: bool = False
    ) -> list[Practitioner]:
        people = self._t.practitioners.values()
        ours = [p for p in people if not organization_id or p.organization_id == organization_id]
        here = [p for p in ours if not working or not self._disabled(p.id)]
        return [p for p in here if role is None or p.role is role]

    def _disabled(self, practitioner_id: str) -> bool:
        accounts = self._t.accounts.values()
        return any(a.practitioner_id == practitioner_id and a.disabled_at for a in accounts)

    async def add_hours(self, rule: WeeklyHours) -> None:
        insert(self._t.hours, rule.id, rule)

    async def save_hours(self, rule: WeeklyHours) -> None:
        swap(self._t.hours, rule)

    async def remove_hours(self, hours_id: str) -> None:
        self._t.hours.pop(hours_id, None)

    async def hours(self, *, practitioner_id: str = "", service_id: str = "") -> list[WeeklyHours]:
        rules = [r for r in self._t.hours.values() if not service_id or r.service_id == service_id]
        return [r for r in rules if not practitioner_id or r.practitioner_id == practitioner_id]


class FakeAccounts:
    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def add(self, account: Account) -> None:
        if await self.by_email(account.email) or await self.by_practitioner(account.practitioner_id):
            raise StaleVersion
        insert(self._t.accounts, account.id, account)

    async def get(self, account_id: str) -> Account | None:
        return self._t.accounts.get(account_id)

    async def by_email(self, email: str) -> Account | None:
        wanted = email.strip().casefold()
        found = (each for each in self._t.accounts.values() if each.email.strip().casefold() == wanted)
        return next(found, None)

    async def by_practitioner(self, practitioner_id: str) -> Account | None:
        found = (each for each in self._t.accounts.values() if each.practitioner_id == practitioner_id)
        return next(found, None)

    async def save(self, account: Account) -> None:
        change(self._t.accounts, account)

    async def add_session(self, session: Session) -> None:
        insert(self._t.sessions, session.id, session)

    async def signed_in(self, digest: bytes) -> tuple[Session, Account, Practitioner] | None:
        session = next((each for each in self._t.sessions.values() if each.digest == digest), None)
        if session is None:
            return None
        return session, self._t.accounts[session.account_id], self._t.practitioners[session.practitioner_id]

    async def session_by_id(self, session_id: str) -> Session | None:
        return self._t.sessions.get(session_id)

    async def sessions_of(self, account_id: str, created_after: datetime) -> list[Session]:
        mine = [each for each in self._t.sessions.values() if each.account_id == account_id]
        living = [each for each in mine if each.ended_at is None and each.created_at > created_after]
        return sorted(living, key=lambda each: (each.created_at, each.id))

    async def forget_sessions(self, created_before: datetime) -> int:
        return forget(self._t.sessions, lambda each: each.created_at < created_before)

    async def save_session(self, session: Session) -> None:
        kept = self._t.sessions.get(session.id)
        ended = kept.ended_at if kept and kept.ended_at else session.ended_at
        change(self._t.sessions, replace(session, ended_at=ended))

    async def end_every_session(self, now: datetime) -> int:
        living = [each for each in self._t.sessions.values() if each.ended_at is None]
        for each in living:
            change(self._t.sessions, replace(each, ended_at=now))
        return len(living)

    async def ended_since(self, instant: datetime) -> list[str]:
        sessions = self._t.sessions.values()
        return [each.id for each in sessions if each.ended_at is not None and each.ended_at >= instant]

    async def add_link(self, link: OneTimeLink) -> None:
        insert(self._t.links, link.id, link)

    async def link(self, digest: bytes) -> OneTimeLink | None:
        return next((each for each in self._t.links.values() if each.digest == digest), None)

    async def link_by_id(self, link_id: str) -> OneTimeLink | None:
        return self._t.links.get(link_id)

    async def open_links(self, purpose: str, organization_id: str, now: datetime) -> list[OneTimeLink]:
        unused = [each for each in self._t.links.values() if each.purpose == purpose and not each.used_at]
        found = [each for each in unused if self._of(each) == organization_id and each.expires_at > now]
        return sorted(found, key=lambda each: (each.expires_at, each.id))

    async def forget_links(self, expired_before: datetime) -> int:
        return forget(self._t.links, lambda each: each.expires_at < expired_before)

    async def save_link(self, link: OneTimeLink) -> None:
        kept = self._t.links.get(link.id)
        if kept is not None and kept.used_at is not None:
            raise StaleVersion
        change(self._t.links, link)

    def _of(self, link: OneTimeLink) -> str:
        return str(self._t.accounts[link.account_id].organization_id)


class FakeAudit:
    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def enter(self, entry: AuditEntry) -> None:
        insert(self._t.entries, entry.id, entry)

    async def unlinked(self, limit: int) -> list[AuditEntry]:
        linked = {link.entry_id for link in self._t.chain.values()}
        waiting = [each for each in self._t.entries.values() if each.id not in linked]
        return sorted(waiting, key=lambda each: (each.at, each.id))[:limit]

    async def waiting(self) -> int:
        return len(await self.unlinked(len(self._t.entries)))

    async def head(self) -> ChainLink | None:
        return self._t.chain[max(self._t.chain)] if self._t.chain else None

    async def link(self, links: Sequence[ChainLink]) -> None:
        for each in links:
            insert(self._t.chain, each.number, each)

    async def chain(self, after: int, limit: int) -> list[tuple[ChainLink, AuditEntry | None]]:
        numbers = sorted(number for number in self._t.chain if number > after)[:limit]
        links = [self._t.chain[number] for number in numbers]
        return [(each, self._t.entries.get(each.entry_id)) for each in links]

    async def stray(self) -> str:
        return ""

    async def touched(self, entry_ids: Sequence[str]) -> dict[str, frozenset[str]]:
        return {each: frozenset(self._t.entries[each].patient_ids) for each in entry_ids}

    async def entry(self, entry_id: str) -> AuditEntry | None:
        return self._t.entries.get(entry_id)

    async def entries(self, *, limit: int = 200, **wanted: Any) -> list[AuditEntry]:
        found = [each for each in self._t.entries.values() if _meets(each, **wanted)]
        return sorted(found, key=lambda e: (e.at, e.id), reverse=True)[:limit]


def _meets(
    entry: AuditEntry,
    *,
    patient_id: str = "",
    organization_id: str = "",
    actor_id: str = "",
    actions: Collection[AuditAction] = (),
    start: datetime | None = None,
    end: datetime | None = None,
    before: tuple[datetime, str] | None = None,
) -> bool:
    named = not patient_id or patient_id in entry.patient_ids
    whose = organization_id in {"", entry.organization_id} and actor_id in {"", entry.actor_id}
    after, ended = start is None or entry.at >= start, end is not None and entry.at >= end
    older = before is None or (entry.at, entry.id) < before
    return named and whose and after and not ended and older and (not actions or entry.action in actions)


class FakeAnswers:
    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def get(self, client: str, key: str) -> KeptAnswer | None:
        return self._t.answers.get((client, key))

    async def put(self, answer: KeptAnswer) -> None:
        insert(self._t.answers, (answer.client, answer.key), answer)

    async def forget(self, before: datetime) -> int:
        old = [key for key, answer in self._t.answers.items() if answer.at < before]
        for key in old:
            del self._t.answers[key]
        return len(old)


class FakeMeta:
    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def get(self, name: str) -> str | None:
        return self._t.meta.get(name)

    async def put(self, name: str, value: str) -> None:
        self._t.meta[name] = value

    async def remove(self, name: str) -> None:
        self._t.meta.pop(name, None)
