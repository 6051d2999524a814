"""Gathering a patient's summary out of the record: of each section the newest, as much as a page holds."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from telehealth.domain.errors import NotFound
from telehealth.domain.record import ResourceVersion
from telehealth.fhir.patient import patient_to_fhir
from telehealth.fhir.summary import SECTIONS, Filled, Summary
from telehealth.fhir.summing import SUMMED, Line, line_of
from telehealth.services.repositories import UnitOfWork
from telehealth.services.sifting import PAGE_BYTES, every

MOST_LINES = 100
"""Of each section; nobody reads more, and the whole record is there beside it."""


@dataclass(slots=True)
class Shelf:
    """What a section could be filled with: the newest first, once `newest` was asked for.

    `count` says how much it all is; of a measure the older ones are not part of that.
    """

    found: list[tuple[Line, ResourceVersion]] = field(default_factory=list)
    count: int = 0

    def put(self, line: Line, resource: ResourceVersion) -> None:
        """Keep it; of one measure only the newest is kept and counted."""
        twins = [each for each in self.found if line.measure and each[0].measure == line.measure]
        if any(each.order > line.order for each, _ in twins):
            return
        self.found = [each for each in self.found if each not in twins]
        self.count += 1 - len(twins)
        self.found.append((line, resource))
        if len(self.found) > 2 * MOST_LINES:
            self.found = self.newest()

    def newest(self) -> list[tuple[Line, ResourceVersion]]:
        """Return as many as a section holds."""
        return sorted(self.found, key=lambda each: each[0].order, reverse=True)[:MOST_LINES]


async def summed_up(uow: UnitOfWork, patient_id: str, now: datetime, ids: tuple[str, str, str]) -> Summary:
    """Return the summary of a patient's record as it stands now; raises NotFound where nobody is known."""
    patient = await uow.patients.get(patient_id)
    house = await uow.directory.organization(patient.organization_id) if patient else None
    if patient is None or house is None:
        raise NotFound
    filed = await uow.record.get("Patient", patient_id)
    houses = {each.id: each.name for each in await uow.directory.organizations()}
    shelves = {each.key: Shelf() for each in SECTIONS}
    for type_ in SUMMED:
        async for each in every(uow, patient_id, type_):
            line = line_of(each.text, houses.get(each.organization_id, ""))
            if line is not None:
                shelves[line.section].put(line, each)
    text = filed.text if filed else json.dumps(patient_to_fhir(patient), ensure_ascii=False)
    return Summary(ids, now, patient_id, text, house, dict(_filled(shelves)))


def _filled(shelves: dict[str, Shelf]) -> Iterator[tuple[str, Filled]]:
    """Walk over the sections as full as they can be, as long as there is room in the whole."""
    left = PAGE_BYTES
    for key, shelf in shelves.items():
        entries = list[tuple[ResourceVersion, str]]()
        for line, resource in shelf.newest():
            if len(resource.text) <= left:
                left -= len(resource.text)
                entries.append((resource, line.words))
        yield key, Filled(tuple(entries), max(shelf.count - len(entries), 0))
