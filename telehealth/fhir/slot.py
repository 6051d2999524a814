"""FHIR R4 Schedule and Slot: a specialist's bookable time for a service, and what of it is free or busy."""

from collections.abc import Sequence
from datetime import datetime

from telehealth.domain.organizations import HealthcareService
from telehealth.domain.people import Practitioner
from telehealth.fhir.text import Resource, instant, reference


def schedule_to_fhir(
    identifier: str,
    practitioner: Practitioner,
    service: HealthcareService,
    sites: Sequence[str],
    horizon: tuple[datetime, datetime],
) -> Resource:
    """Return the Schedule; its horizon begins now and ends with the last time that can be booked now."""
    start, end = horizon
    return {
        "resourceType": "Schedule",
        "id": identifier,
        "active": True,
        "serviceType": [{"text": service.name}],
        "specialty": [{"text": service.specialty}],
        "actor": [
            reference("Practitioner", practitioner.id) | {"display": practitioner.display},
            reference("HealthcareService", service.id) | {"display": service.name},
            *(reference("Location", each) for each in sites),
        ],
        "planningHorizon": {"start": instant(start), "end": instant(end)},
    }


def slot_to_fhir(
    identifier: str,
    schedule: str,
    service: HealthcareService,
    times: tuple[datetime, datetime],
    *,
    free: bool,
) -> Resource:
    """Return the Slot; of a busy one nothing more is told."""
    start, end = times
    return {
        "resourceType": "Slot",
        "id": identifier,
        "serviceType": [{"text": service.name}],
        "specialty": [{"text": service.specialty}],
        "schedule": reference("Schedule", schedule),
        "status": "free" if free else "busy",
        "start": instant(start),
        "end": instant(end),
    }
