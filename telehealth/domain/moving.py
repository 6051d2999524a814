"""A visit that takes place at another time or with somebody else: as if nobody had come to it."""

from dataclasses import replace
from datetime import datetime

from telehealth.domain.consultation import AWAITED, Connection, Consultation, Device, VisitEvent
from telehealth.domain.modality import Modality
from telehealth.domain.queue import Priority, TextMe


def moved(
    visit: Consultation, now: datetime, practitioner_id: str, way: Modality = Modality.VIDEO
) -> Consultation:
    """Return the visit before its new time with a specialist; raises WrongState once it was begun or over.

    One that is by phone stays so.
    """
    return replace(
        visit.step(VisitEvent.MOVE, now),
        version=visit.version + 1,
        practitioner_id=practitioner_id,
        since=now,
        moved_at=now,
        device=Device.PHONE if way is Modality.PHONE else Device.UNKNOWN,
        connection=Connection.UNKNOWN,
        consent_at=None,
        waiting_at=None,
        confirmation=None,
        call_on="",
        bound_to=None,
        asked_by=None,
        transfer_digest=None,
        transfer_until=None,
        priority=Priority.ROUTINE,
        text_me=TextMe.NO,
    )


def consented(visit: Consultation, now: datetime) -> Consultation:
    """Return the visit with the patient's consent; on a page from before a move that is the arrival."""
    came = visit.step(VisitEvent.ARRIVE, now) if visit.status in AWAITED else visit
    return came if came.consent_at else replace(came, consent_at=now, version=visit.version + 1)
