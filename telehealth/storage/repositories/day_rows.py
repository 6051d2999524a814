"""A row of a clinic's day from one query: the visit with everything that is shown of it."""

from typing import Any

from sqlalchemy import Select, and_, func, select

from telehealth.domain.appointment import Appointment
from telehealth.domain.line_check import LineCheck
from telehealth.domain.organizations import HealthcareService, Location
from telehealth.domain.outbox import INVITING
from telehealth.domain.visiting import VisitLink
from telehealth.services.repositories import DayRow
from telehealth.storage.repositories.closures import closure_of_visit
from telehealth.storage.repositories.confirmations import visit_of
from telehealth.storage.repositories.patients import patient_shown
from telehealth.storage.repositories.seats import together_of_visit
from telehealth.storage.repositories.shapes import Joined
from telehealth.storage.repositories.undelivered import lost_of_visit
from telehealth.storage.rows.appointments import appointments
from telehealth.storage.rows.directory import healthcare_service, locations
from telehealth.storage.rows.line_checks import line_check
from telehealth.storage.rows.notes import notes
from telehealth.storage.rows.patients import patients
from telehealth.storage.rows.visits import visit_link, visits
from telehealth.storage.sealing import Vault

DAY = Joined(visits, appointments, patients, healthcare_service, locations, visit_link, line_check)
OLDER = notes.alias("older")
OWN_NOTE = and_(
    notes.c.visit_id == visits.c.id,
    notes.c.author_id == visits.c.practitioner_id,
    notes.c.number
    == select(func.max(OLDER.c.number))
    .where(OLDER.c.visit_id == visits.c.id, OLDER.c.author_id == visits.c.practitioner_id)
    .scalar_subquery(),
)
"""The specialist's note of a visit, of several the newest."""


def _day() -> Select[Any]:
    """Everything a row of the day shows: the patient's newest link, the specialist's own note."""
    newer = visit_link.alias("newer")
    newest = (
        select(func.max(newer.c.generation))
        .where(newer.c.visit_id == visits.c.id, newer.c.person_id == visits.c.patient_id)
        .scalar_subquery()
    )
    link = and_(
        visit_link.c.visit_id == visits.c.id,
        visit_link.c.person_id == visits.c.patient_id,
        visit_link.c.generation == newest,
    )
    return (
        select(
            visits,
            appointments,
            patients,
            healthcare_service,
            locations,
            visit_link,
            line_check,
            notes.c.state,
            lost_of_visit(INVITING),
            closure_of_visit(),
            together_of_visit(),
        )
        .join(appointments, appointments.c.id == visits.c.appointment_id)
        .join(patients, patients.c.id == visits.c.patient_id)
        .join(healthcare_service, healthcare_service.c.id == appointments.c.service_id)
        .join(locations, locations.c.id == appointments.c.location_id)
        .outerjoin(visit_link, link)
        .outerjoin(line_check, line_check.c.visit_id == visits.c.id)
        .outerjoin(notes, OWN_NOTE)
    )


DAY_SELECT = _day()
OTHERS = slice(DAY.end, DAY.end + 4)
"""What is told of a visit in one word each, after the tables."""


def day_row(vault: Vault, row: Any) -> DayRow:
    """Return what such a row holds."""
    link, check = DAY.part(row, visit_link), DAY.part(row, line_check)
    note_state, lost, closure_id, together = row[OTHERS]
    return DayRow(
        visit=visit_of(vault, DAY.part(row, visits)),
        appointment=Appointment(**DAY.part(row, appointments)),
        patient=patient_shown(vault, DAY.part(row, patients)),
        service=HealthcareService(**DAY.part(row, healthcare_service)),
        location=Location(**DAY.part(row, locations)),
        note_state=note_state or "",
        link=VisitLink(**link) if link["id"] else None,
        undelivered=bool(lost),
        closure_id=closure_id or "",
        together=together,
        check=LineCheck(**check) if check["visit_id"] else None,
    )
