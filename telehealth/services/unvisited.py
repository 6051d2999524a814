"""What messages to a patient say before there is a visit: of an offered time, or of one to choose."""

from datetime import datetime

from telehealth.domain.choice import ChoiceState
from telehealth.domain.outbox import OutboxMessage
from telehealth.domain.waitlist import OfferState
from telehealth.services.repositories import UnitOfWork
from telehealth.services.several import Facts, way_in
from telehealth.services.visit_making import Invitations


async def of_offer(
    uow: UnitOfWork, invitations: Invitations, message: OutboxMessage, language: str, now: datetime
) -> Facts | None:
    """Return with whom and when the offered time is; None once it is not kept any more."""
    offer = await uow.waitlist.offer(message.values["offer"])
    practitioner = await uow.directory.practitioner(offer.practitioner_id) if offer else None
    if offer is None or practitioner is None or offer.state is not OfferState.OPEN or now >= offer.expires_at:
        return None
    links, whose = invitations.offers, (offer.id, offer.patient_id)
    way = way_in(links.url(*whose, language), links.code(*whose))
    return Facts(offer.start, {"practitioner": practitioner.display, **way})


async def of_choice(
    uow: UnitOfWork, invitations: Invitations, message: OutboxMessage, language: str, now: datetime
) -> Facts | None:
    """Return until when a time can be chosen, the last minute of the last day; None once none can be."""
    choice = await uow.choices.get(message.values["choice"])
    if choice is None or choice.standing(now) is not ChoiceState.OPEN:
        return None
    with_whom = await uow.directory.practitioner(choice.practitioner_id) if choice.practitioner_id else None
    service = await uow.directory.service(choice.service_id)
    named = with_whom.display if with_whom else service.name if service else ""
    links, whose = invitations.choices, (choice.id, choice.patient_id)
    way = way_in(links.url(*whose, language), links.code(*whose))
    return Facts(choice.last, {"practitioner": named, **way})
