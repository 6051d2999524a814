"""How a call's line was: kept with every word that changes during the call, read beside the feedback."""

from datetime import datetime

from telehealth.domain.consultation import Consultation, VisitStatus
from telehealth.domain.feedback import Track
from telehealth.services.repositories import UnitOfWork


async def follow_line(uow: UnitOfWork, before: Consultation, after: Consultation, now: datetime) -> None:
    """Keep the patient's new word when it changed within a call; the waiting room is no call."""
    if after.status is not VisitStatus.IN_PROGRESS or after.connection is before.connection:
        return
    known = await uow.feedback.tracks([after.id])
    track = known.get(after.id) or _begun(before)
    await uow.feedback.put_track(track.then(after.connection, now))


def track_of(visit: Consultation, known: Track | None) -> Track | None:
    """Return how the line was up to the end of the call; None where there was none, or one by phone."""
    if visit.admitted_at is None or visit.ended_at is None or visit.call_on:
        return None
    return (known or _begun(visit)).over(visit.ended_at)


def _begun(visit: Consultation) -> Track:
    return Track(visit.id, visit.connection, visit.admitted_at or visit.since)
