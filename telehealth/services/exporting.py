"""The records of a house as files (Bulk Data): what a program asks for, is told of it, and fetches."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import NotFound, NotPermitted, TooMany
from telehealth.domain.exports import Export, ExportState
from telehealth.domain.record import READABLE
from telehealth.services.caring import can_read
from telehealth.services.export_repository import Spools
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, enter, require, role_allows

KEY = 32
AGAIN = 120
"""Seconds after which somebody who has an export may ask again."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: types (where none is named all), what changed since, and the address of asking."""

    types: tuple[str, ...]
    since: datetime | None
    request: str


class Exporting:
    """A program's export: it has one at a time, and knows its own only."""

    def __init__(self, *, work: Work, spools: Spools) -> None:
        self._work, self._spools = work, spools

    async def start(self, actor: Actor, asked: Asked) -> Export:
        """Begin; raises NotPermitted for a type beyond the scopes, TooMany where there is one already."""
        self._allowed(actor)
        types = asked.types or tuple(each for each in READABLE if can_read(actor, each))
        if not types or not all(can_read(actor, each) for each in types):
            raise NotPermitted
        now = self._work.clock.now()
        async with self._work.units.writing() as uow:
            if await uow.exports.of(actor.id) is not None:
                raise TooMany(AGAIN, "There is an export already: delete it first, finished or not.")
            made = Export(
                id=self._work.identifier(),
                program_id=actor.id,
                organization_id=actor.organization_id,
                types=types,
                scopes=actor.scopes,
                request=asked.request,
                key=self._work.chance.token(KEY).hex(),
                made_at=now,
                changed_at=now,
                since=asked.since,
                total=await uow.patients.count(actor.organization_id),
            )
            await uow.exports.add(made)
            await self._enter(uow, actor, AuditAction.EXPORT_ASKED, made, ", ".join(types))
        return made

    async def one(self, actor: Actor, export_id: str) -> Export:
        """Return a program's own; raises NotFound for every other, and for one that is over."""
        self._allowed(actor)
        async with self._work.units.reading() as uow:
            return self._own(actor, await uow.exports.get(export_id))

    async def end(self, actor: Actor, export_id: str) -> None:
        """Cancel one, or erase what is finished; its files go at once."""
        self._allowed(actor)
        async with self._work.units.writing() as uow:
            known = self._own(actor, await uow.exports.get(export_id))
            await uow.exports.remove(known.id)
            await self._enter(uow, actor, AuditAction.EXPORT_ENDED, known)
            left = await uow.exports.ids()
        await self._spools.erase_all_but(left)

    async def fetch(self, actor: Actor, export_id: str, type_: str) -> AsyncGenerator[bytes]:
        """Return a finished file piece by piece, to be closed by the reader, after entering the fetch."""
        self._allowed(actor)
        async with self._work.units.writing() as uow:
            known = self._own(actor, await uow.exports.get(export_id))
            file = next((each for each in known.files if each.type == type_), None)
            if known.state is not ExportState.READY or file is None or not can_read(actor, type_):
                raise NotFound
            await self._enter(uow, actor, AuditAction.EXPORT_FETCHED, known, type_)
        return self._spools.read(known, file)

    def _own(self, actor: Actor, found: Export | None) -> Export:
        if found is None or found.program_id != actor.id or found.over_at <= self._work.clock.now():
            raise NotFound
        return found

    def _allowed(self, actor: Actor) -> None:
        role_allows(actor, Permission.EXPORT_OWN)
        require(actor, Permission.EXPORT_OWN, Subject(organizations=(actor.organization_id,)))

    async def _enter(
        self, uow: UnitOfWork, actor: Actor, action: AuditAction, export: Export, reason: str = ""
    ) -> None:
        await enter(self._work, uow, actor, action, entity="Export", entity_id=export.id, reason=reason)
