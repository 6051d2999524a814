"""Looking into records that were opened in an emergency: once, by an officer of either house.

Both houses are told; the first officer's word is the review, and both read it.
"""

from dataclasses import dataclass, replace

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import NotFound, WrongState
from telehealth.domain.glass import Finding, Glass
from telehealth.domain.people import Patient, Practitioner
from telehealth.domain.sentences import N_
from telehealth.services.audit_rows import own_patients
from telehealth.services.break_glass import enter_glass, told
from telehealth.services.repositories import UnitOfWork
from telehealth.services.site_day import site_day
from telehealth.services.trail import Work, enter, require, role_allows

SHOWN_WAITING, SHOWN_DONE = 200, 50


@dataclass(frozen=True, slots=True)
class Told:
    """One of them with names; `patient` is None where another house manages the record."""

    glass: Glass
    reader: Practitioner | None
    house: str
    patient: Patient | None
    reviewer: str


@dataclass(frozen=True, slots=True)
class ToReview:
    """What waits for a review, longest first, and what was reviewed, newest first, in the officer's zone.

    `more` wait that are not among them; `older` were reviewed.
    """

    waiting: list[Told]
    done: list[Told]
    more: bool
    older: bool
    zone: str


class GlassReview:
    """For privacy officers of the house that manages the record, and of the reader's."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def listed(self, actor: Actor) -> ToReview:
        """Return what the officer's house has to do with; whom it is about is named in the entry."""
        own = actor.organization_id
        require(actor, Permission.GLASS_REVIEW, Subject(organizations=(own,)))
        async with self._work.units.writing() as uow:
            zone = (await site_day(self._work, uow, actor)).location.zone
            waiting = await uow.glasses.told(own, reviewed=False, limit=SHOWN_WAITING + 1)
            done = await uow.glasses.told(own, reviewed=True, limit=SHOWN_DONE + 1)
            more, older = len(waiting) > SHOWN_WAITING, len(done) > SHOWN_DONE
            waiting, done = waiting[:SHOWN_WAITING], done[:SHOWN_DONE]
            named = await _with_names(uow, own, [*waiting, *done])
            ids = sorted({each.glass.patient_id for each in named})
            await enter(self._work, uow, actor, AuditAction.GLASSES_READ, patient_ids=ids)
        return ToReview(named[: len(waiting)], named[len(waiting) :], more, older, zone)

    async def review(self, actor: Actor, glass_id: str, finding: Finding, words: str) -> None:
        """Keep what the officer has found; what was not justified ends at once.

        Raises NotFound, BadInput without words, and WrongState once it was reviewed.
        """
        role_allows(actor, Permission.GLASS_REVIEW)
        said, now = told("words", words), self._work.clock.now()
        async with self._work.units.writing() as uow:
            glass = await uow.glasses.get(glass_id)
            if glass is None:
                raise NotFound
            houses = (glass.organization_id, glass.reader_organization_id)
            require(actor, Permission.GLASS_REVIEW, Subject(organizations=houses))
            if glass.reviewed_at is not None:
                raise WrongState(N_("This was reviewed already."))
            found = replace(glass, finding=finding, words=said, reviewed_at=now, reviewer_id=actor.id)
            if finding is Finding.UNJUSTIFIED:
                found = replace(found, until=min(glass.until, now))
            await uow.glasses.save(replace(found, version=glass.version + 1))
            await enter_glass(self._work, uow, actor, AuditAction.GLASS_REVIEWED, glass)


async def _with_names(uow: UnitOfWork, own: str, glasses: list[Glass]) -> list[Told]:
    people = {each.id: each for each in await uow.directory.practitioners()}
    houses = {each.id: each.name for each in await uow.directory.organizations()}
    patients = await own_patients(uow, [each.patient_id for each in glasses], own)
    return [
        Told(
            glass,
            people.get(glass.practitioner_id),
            houses.get(glass.reader_organization_id, ""),
            patients.get(glass.patient_id),
            people[glass.reviewer_id].display if glass.reviewer_id in people else "",
        )
        for glass in glasses
    ]
