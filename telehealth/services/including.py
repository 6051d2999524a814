"""What comes along with what was found in a record: what it names, and what names it (`_include`).

All of it is of the same patient, whom the reader treats: a reference that leads into somebody else's record
is not followed, whoever wrote it.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from telehealth.domain.access import Actor
from telehealth.domain.record import Head, ResourceVersion
from telehealth.fhir.links import Link, Name, named
from telehealth.services.caring import can_read
from telehealth.services.repositories import UnitOfWork
from telehealth.services.sifting import PAGE_BYTES, Page, RecordQuery, every, heads_of, opened

MOST_INCLUDED = 500
"""So many come along with one page, of `PAGE_BYTES` together."""


@dataclass(slots=True)
class Room:
    """What room there is left on a page; `cut` once something found none."""

    count: int = MOST_INCLUDED
    size: int = PAGE_BYTES
    cut: bool = False
    taken: set[Name] = field(default_factory=set)

    def takes(self, name: Name, size: int) -> bool:
        """Whether this comes along; nothing does twice."""
        if name in self.taken:
            return False
        if self.count < 1 or size > self.size:
            self.cut = True
            return False
        self.taken.add(name)
        self.count, self.size = self.count - 1, self.size - size
        return True


def narrowed(query: RecordQuery, actor: Actor) -> RecordQuery:
    """Leave out what the actor may not read of anybody: of a program, what its scopes do not name."""

    def allowed(link: Link) -> Link:
        return replace(link, targets=tuple(each for each in link.targets if can_read(actor, each)))

    return replace(
        query,
        include=tuple(replace(each, link=allowed(each.link)) for each in query.include),
        revinclude=tuple(each for each in query.revinclude if can_read(actor, each.source)),
    )


def types_of(query: RecordQuery) -> list[str]:
    """Return the types of what may come along, for the log."""
    found = {target for each in query.include for target in each.link.targets}
    return sorted(found | {each.source for each in query.revinclude})


async def with_included(uow: UnitOfWork, query: RecordQuery, page: Page) -> Page:
    """Return the page with all that comes along, as far as there is room."""
    if not page.found or not (query.include or query.revinclude):
        return page
    room = Room(taken={(each.type, each.id) for each in page.found})
    found = [*await _named(uow, query, page.found, room), *await _naming(uow, query, page.found, room)]
    return replace(page, included=tuple(found), cut=room.cut)


async def _named(
    uow: UnitOfWork, query: RecordQuery, found: Iterable[ResourceVersion], room: Room
) -> list[ResourceVersion]:
    wanted: dict[str, set[str]] = {}
    for resource in map(_read, found if query.include else ()):
        for each in query.include:
            for type_, id_ in named(resource, each.link, query.base):
                wanted.setdefault(type_, set()).add(id_)
    return [
        each
        for type_, ids in wanted.items()
        async for each in opened(uow, type_, await _heads(uow, query.patient_id, type_, ids, room))
    ]


async def _heads(
    uow: UnitOfWork, patient_id: str, type_: str, ids: Collection[str], room: Room
) -> list[Head]:
    """Return those of a patient's resources that have these ids, as far as there is room."""
    found = list[Head]()
    async for heads in heads_of(uow, patient_id, type_):
        found += [each for each in heads if each.id in ids]
        if len(found) == len(ids):
            break
    return [each for each in found if room.takes((type_, each.id), each.size)]


async def _naming(
    uow: UnitOfWork, query: RecordQuery, found: Iterable[ResourceVersion], room: Room
) -> list[ResourceVersion]:
    ours, kept = {(each.type, each.id) for each in found}, list[ResourceVersion]()
    for source in dict.fromkeys(each.source for each in query.revinclude):
        if room.cut:
            break
        links = [each.link for each in query.revinclude if each.source == source]
        async for each in every(uow, query.patient_id, source):
            resource = _read(each)
            names = {name for link in links for name in named(resource, link, query.base)}
            if not names & ours:
                continue
            if room.takes((each.type, each.id), len(each.text)):
                kept.append(each)
            elif (each.type, each.id) not in room.taken:  # nothing more fits, so nothing more is opened
                return kept
    return kept


def _read(stored: ResourceVersion) -> dict[str, object]:
    read: dict[str, object] = json.loads(stored.text)
    return read
