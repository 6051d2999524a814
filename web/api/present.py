"""Domain values as the JSON API shows them; instants in UTC with Z, days as YYYY-MM-DD."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from aiohttp.web import Response, json_response

from telehealth.domain.appointment import Appointment
from telehealth.domain.consultation import Confirmation, Consultation
from telehealth.domain.line_check import LineCheck
from telehealth.domain.note import Addendum, Note, NoteContent
from telehealth.domain.people import Patient
from telehealth.domain.queue import Running
from telehealth.domain.resources import Party
from telehealth.domain.scheduling import Interval
from telehealth.services.repositories import DayRow
from web.api.line_check_shapes import CheckShape
from web.api.shapes import AppointmentShape, PartyShape, PatientShape
from web.api.visit_shapes import (
    ConfirmationShape,
    ContentShape,
    NoteShape,
    RunningShape,
    SpanShape,
    VisitShape,
    VisitState,
)
from web.request import Reader


def answer(body: Mapping[str, Any], *, status: int = 200, location: str = "") -> Response:
    """Return `body` as JSON."""
    headers = {"Location": location} if location else {}
    return json_response(body, status=status, headers=headers)


def nothing() -> Response:
    """Return the answer of a change that has nothing to tell."""
    return Response(status=204)


def instant(at: datetime) -> str:
    """Return an instant as RFC 3339 in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def maybe_instant(at: datetime | None) -> str | None:
    """Return an instant, or null."""
    return instant(at) if at is not None else None


def age_on(born: date, day: date) -> int:
    """Return full years of life on `day`."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def patient(person: Patient, reader: Reader) -> PatientShape:
    """Return a patient as staff see one."""
    return {
        "id": person.id,
        "name": person.name.full,
        "listed": person.name.listed_with(reader.comma),
        "birth_date": person.birth_date.isoformat(),
        "gender": person.gender.value,
        "age": age_on(person.birth_date, reader.today),
        "language": person.language,
        "interpreter": person.interpreter,
        "identifiers": [{"system": each.system, "value": each.value} for each in person.identifiers],
        "phone": person.phone,
    }


def confirmation(confirmed: Confirmation | None) -> ConfirmationShape | None:
    """Return what the specialist confirmed, or null."""
    if confirmed is None:
        return None
    return {
        "identifiers": list(confirmed.identifiers),
        "place": confirmed.place,
        "callback": confirmed.callback,
        "confirmed_at": instant(confirmed.confirmed_at),
    }


def visit(row: DayRow, practitioner: str, reader: Reader) -> VisitShape:
    """Return a row of the day; `practitioner` is the specialist's name as patients read it."""
    return {
        "id": row.visit.id,
        "appointment_id": row.appointment.id,
        "patient": patient(row.patient, reader),
        "practitioner": {"id": row.visit.practitioner_id, "name": practitioner},
        "service": row.service.name,
        "service_id": row.service.id,
        "site": row.location.name,
        "start": instant(row.appointment.start),
        "end": instant(row.appointment.end),
        "zone": row.appointment.zone,
        "status": row.visit.status.value,
        "since": instant(row.visit.since),
        "device": row.visit.device.value,
        "connection": row.visit.connection.value,
        "call_on": row.visit.call_on,
        "note_state": row.note_state,
        "confirmation": confirmation(row.visit.confirmation),
        "priority": row.visit.priority.value,
        "test": row.visit.test,
        "undelivered": row.undelivered,
        "closed": bool(row.closure_id),
        "asking": row.visit.asked_by is not None,
        "together": row.together,
        "places": row.service.capacity,
        "modality": row.appointment.modality.value,
        "check": check(row.check, row.visit.bound_to),
    }


def visit_state(changed: Consultation) -> VisitState:
    """Return where a visit stands."""
    return {
        "id": changed.id,
        "status": changed.status.value,
        "since": instant(changed.since),
        "device": changed.device.value,
        "connection": changed.connection.value,
        "call_on": changed.call_on,
        "confirmation": confirmation(changed.confirmation),
        "asking": changed.asked_by is not None,
    }


def check(taken: LineCheck | None, bound_to: str | None) -> CheckShape | None:
    """Return a visit's last check as JSON; `bound_to` is the browser that the visit is bound to."""
    if taken is None:
        return None
    return {
        "at": instant(taken.taken_at),
        "by": taken.by_kind.value,
        "plan": taken.plan.value,
        "because": taken.because.value,
        "up": taken.up,
        "down": taken.down,
        "trip": taken.trip,
        "loss": taken.loss,
        "elsewhere": taken.elsewhere(bound_to),
    }


def running(state: Running | None) -> RunningShape:
    """Return how a clinic runs; without a word about it, as planned."""
    return {
        "late_minutes": state.late_minutes if state else 0,
        "late_reason": state.late_reason.value if state else "",
        "paused": state.paused if state else False,
        "pause_reason": state.pause_reason.value if state else "",
    }


def span(found: Interval | None) -> SpanShape | None:
    """Return from when until when."""
    return {"start": instant(found.start), "end": instant(found.end)} if found else None


def content(written: NoteContent) -> ContentShape:
    """Return the fields of a note."""
    return {
        "history": written.history,
        "findings": written.findings,
        "assessment": written.assessment,
        "plan": written.plan,
        "outcome": written.outcome.value,
        "when": written.when,
    }


def note(
    visit_id: str,
    written: Note | None,
    *,
    addenda: Sequence[Addendum] = (),
    version: int = 0,
    author: str = "",
) -> NoteShape:
    """Return the note of a visit; `version` is the shared record's, 0 as long as it is not there."""
    shape: NoteShape = {
        "visit": visit_id,
        "state": written.state.value if written else "none",
        "version": written.version if written else 0,
        "content": content(written.content if written else NoteContent()),
        "updated_at": maybe_instant(written.updated_at if written else None),
        "signed_at": maybe_instant(written.signed_at if written else None),
        "record": None,
        "addenda": [
            {"text": each.text, "author": author, "added_at": instant(each.added_at)} for each in addenda
        ],
    }
    if written is not None and version:
        shape["record"] = {"composition": written.composition_id, "encounter": visit_id, "version": version}
    return shape


def appointment(
    booked: Appointment, visit_id: str, join_url: str = "", parties: Sequence[Party] = ()
) -> AppointmentShape:
    """Return an appointment; the link goes to nobody but its booker."""
    return {
        "id": booked.id,
        "visit": visit_id,
        "patient": booked.patient_id,
        "practitioner": booked.practitioner_id,
        "service": booked.service_id,
        "location": booked.location_id,
        "status": booked.status.value,
        "start": instant(booked.start),
        "end": instant(booked.end),
        "zone": booked.zone,
        "version": booked.version,
        "held_until": maybe_instant(booked.held_until),
        "join_url": join_url,
        "test": booked.test,
        "resources": [party(each) for each in parties],
        "modality": booked.modality.value,
    }


def party(party: Party) -> PartyShape:
    """Return a room, device or interpreter, and the language that it is there for."""
    resource = party.resource
    return {
        "id": resource.id,
        "kind": resource.kind.value,
        "name": resource.name,
        "language": party.wanted,
    }
