"""The lines of a waiting list: who waits for what with whom, and what was offered to them."""

from collections.abc import Sequence
from dataclasses import dataclass

from telehealth.domain.organizations import HealthcareService
from telehealth.domain.people import Patient, Practitioner
from telehealth.domain.waitlist import Offer, OfferState, Waiting, tired
from telehealth.services.repositories import UnitOfWork
from telehealth.services.wishes import as_it_stands


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list: who waits for what with whom, and all offers, the newest first.

    `practitioner` is None for anybody; `unreached` are the ids of offers that reached nobody.
    """

    waiting: Waiting
    patient: Patient
    service: HealthcareService
    practitioner: Practitioner | None
    offers: list[Offer]
    unreached: frozenset[str]

    @property
    def open(self) -> Offer | None:
        """The offer that is to be answered now."""
        return next((each for each in self.offers if each.state is OfferState.OPEN), None)

    @property
    def tired(self) -> bool:
        """Whether nothing more is offered to them: somebody has to phone."""
        return tired(self.offers, self.unreached)


async def lines(uow: UnitOfWork, kept: Sequence[Waiting]) -> list[Line]:
    """Return these wishes as lines, in the same order."""
    rows = await uow.visits.rows(sorted({one.visit_id for one in kept if one.visit_id}))
    waiting = [as_it_stands(one, rows.get(one.visit_id)) for one in kept]
    patients = await uow.patients.many(sorted({one.patient_id for one in waiting}))
    services = {each.id: each for each in await uow.directory.services()}
    people = {each.id: each for each in await uow.directory.practitioners()}
    offers = await uow.waitlist.offers_of([one.id for one in waiting])
    lost = await uow.waitlist.unreached([one.id for one in waiting])
    made: dict[str, list[Offer]] = {one.id: [] for one in waiting}
    for each in offers:
        made[each.waiting_id].append(each)
    return [
        Line(
            waiting=one,
            patient=patients[one.patient_id],
            service=services[one.service_id],
            practitioner=people.get(one.practitioner_id),
            offers=made[one.id],
            unreached=frozenset(each.id for each in made[one.id] if each.id in lost),
        )
        for one in waiting
    ]
