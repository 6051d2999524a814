"""Writing several resources of the shared record at once: all of a transaction, or nothing of it."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal

from telehealth.domain.access import Actor, Permission
from telehealth.domain.errors import BadInput, Refused, VersionNeeded
from telehealth.domain.people import Identifier
from telehealth.domain.record import ResourceVersion
from telehealth.domain.untrusted import json_object
from telehealth.fhir.conditions import identifier_in
from telehealth.fhir.parameters import ID, refusal
from telehealth.fhir.posted import Entry, in_bundle, linked, refuse_unresolved
from telehealth.fhir.received import DEEPEST, Received
from telehealth.services.arriving import Arrival, Arriving, Checked, Saved, checked, permitted
from telehealth.services.caring import require_care
from telehealth.services.referred import referred
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work

POST, PUT = "POST", "PUT"


@dataclass(frozen=True, slots=True)
class Step:
    """What an entry asks for: the next version of `id`, or a new resource called that.

    With an `identifier` it may be known already; `found` is what references by identifier mean.
    """

    entry: Entry
    type: str
    id: str
    permission: Permission
    identifier: Identifier | None = None
    found: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What others in the record call it."""
        return f"{self.type}/{self.id}"

    @property
    def new(self) -> bool:
        """Whether the id was given here."""
        return self.entry.method == POST or self.identifier is not None


@contextmanager
def told_of(entry: Entry) -> Iterator[None]:
    """Name the entry in whatever is refused of it."""
    try:
        yield
    except BadInput as refused:
        raise in_bundle(entry, refused) from refused
    except Refused as refused:
        refused.where = entry.where
        raise


class Transactions:
    """Carries a transaction out: all of it is looked at before anything is written, in one unit."""

    def __init__(self, *, work: Work, arriving: Arriving) -> None:
        self._work, self._arriving = work, arriving

    async def carry_out(self, actor: Actor, entries: Sequence[Entry], base: str) -> list[Saved]:
        """Write what every entry asks for, or raise what one of them is refused for, naming it."""
        steps = [self._step(actor, each, base) for each in entries]
        steps = await self._with_found(actor, steps, base)
        given = await _all_checked(steps, base)
        _refuse_overlaps(steps, given)
        async with self._work.units.writing() as uow:
            await self._allowed(uow, actor, steps, given)
            await uow.record.queue({each.patient_id for each in given})
            known = await self._known(uow, steps, given)
            steps = [
                replace(each, id=old.id) if old else each for each, old in zip(steps, known, strict=True)
            ]
            _refuse_overlaps(steps, given)
            places, saved = _places(steps), []
            for step, each, there in zip(steps, given, known, strict=True):
                with told_of(step.entry):
                    named = replace(each, text=linked(step.entry, each.text, places | dict(step.found)))
                    saved.append(await self._write(uow, actor, step, named, there))
        return saved

    def _step(self, actor: Actor, entry: Entry, base: str) -> Step:
        with told_of(entry):
            path, query = entry.address(base)
            type_, slash, id_ = path.partition("/")
            permission, where = permitted(actor, type_), f"{entry.where}.request.url"
            new = self._work.identifier()
            if entry.method == POST and query is None and not slash:
                return Step(entry, type_, new, permission, entry.condition)
            if entry.method == PUT and query is not None and not slash:
                return Step(entry, type_, new, permission, identifier_in(where, query))
            if entry.method == PUT and query is None and ID.fullmatch(id_):
                if entry.version is None:
                    raise VersionNeeded
                return Step(entry, type_, id_, permission)
            raise refusal(where, "value", "Here go POST Type, PUT Type/id and PUT Type?identifier=….")

    async def _with_found(self, actor: Actor, steps: Sequence[Step], base: str) -> list[Step]:
        found = []
        async with self._work.units.reading() as uow:
            for step in steps:
                with told_of(step.entry):
                    found.append(
                        replace(step, found=await referred(self._work, uow, actor, step.entry, base))
                    )
        return found

    async def _allowed(
        self, uow: UnitOfWork, actor: Actor, steps: Sequence[Step], given: Sequence[Checked]
    ) -> None:
        """Raise what `require_care` raises, once for each kind of writing into a patient's record."""
        passed: set[tuple[Permission, str]] = set()
        for step, each in zip(steps, given, strict=True):
            with told_of(step.entry):
                patient_id = each.patient_id
                if not step.new:
                    patient_id = await self._arriving.owner(uow, step.type, step.id)
                if (step.permission, patient_id) not in passed:
                    await require_care(self._work, uow, actor, step.permission, patient_id)
                    passed.add((step.permission, patient_id))

    async def _known(
        self, uow: UnitOfWork, steps: Sequence[Step], given: Sequence[Checked]
    ) -> list[ResourceVersion | None]:
        """Return what is there already of what has a condition; what is not is claimed."""
        found: list[ResourceVersion | None] = []
        for step, each in zip(steps, given, strict=True):
            with told_of(step.entry):
                wanted = step.identifier
                found.append(await self._arriving.known(uow, each, wanted, step.id) if wanted else None)
        return found

    async def _write(
        self, uow: UnitOfWork, actor: Actor, step: Step, given: Checked, known: ResourceVersion | None
    ) -> Saved:
        if step.entry.method == POST:
            return await self._arriving.made(uow, actor, given, step.id, known)
        if step.identifier is not None:
            return await self._arriving.placed(uow, actor, given, (step.id, step.entry.version), known)
        return await self._arriving.changed(uow, actor, given, step.id, step.entry.version)


def _places(steps: Sequence[Step]) -> dict[str, str]:
    """Return what each entry is called in the record, by what it is called in the Bundle."""
    return {each.entry.full_url: each.name for each in steps if each.entry.full_url}


def _refuse_overlaps(steps: Sequence[Step], given: Sequence[Checked]) -> None:
    """Refuse to write one thing twice: nobody could say in which order (http, 3.1.0.11.2)."""
    seen: set[tuple[object, ...]] = set()
    for step, each in zip(steps, given, strict=True):
        targets = {(step.type, step.id), (step.type, each.patient_id, step.identifier or step.id)}
        if targets & seen:
            raise refusal(f"{step.entry.where}.request", "value", "Another entry writes the same resource.")
        seen |= targets


async def _all_checked(steps: Sequence[Step], base: str) -> list[Checked]:
    """Look at every resource as it would stand in the record; others have their turn in between."""
    places, found = _places(steps), []
    for step in steps:
        with told_of(step.entry):
            found.append(_checked(step, places | dict(step.found), base))
        await asyncio.sleep(0)
    return found


def _checked(step: Step, places: Mapping[str, str], base: str) -> Checked:
    sent = step.entry.resource()
    text = linked(step.entry, sent.text, places)
    as_kept = sent if text == sent.text else Received(text, json_object(text.encode(), DEEPEST, Decimal))
    refuse_unresolved(step.entry, as_kept.resource)
    given = checked(Arrival(step.type, as_kept, base))
    if step.identifier is not None:
        given.knows(step.identifier)
    return replace(given, text=sent.text)
