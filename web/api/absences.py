"""/api/v1/absences: the visits of a specialist who is away, and what becomes of each."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.absences import MOST_VISITS, Answer, Change, Closed
from telehealth.services.absence_plan import Concerned, Way
from telehealth.services.absences import Absence, Outcome
from web.api.present import answer, instant, maybe_instant
from web.api.shapes import AbsenceShape, ArrangedShape, ConcernedShape, Named, OutcomeShape, WayShape
from web.readers import IDENTIFIER, OPTIONAL_IDENTIFIER, VERSION, Choice, Day, Instant, Many
from web.reading import Part, json_body, query
from web.request import actor, once, services
from web.speech import told


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Who is away, from the first day to the last, as clocks at their own site show."""

    practitioner: Annotated[str, IDENTIFIER]
    first: Annotated[date, Day()]
    last: Annotated[date, Day()]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeBody:
    """What becomes of one appointment, as it was read in `version`.

    `practitioner` stands in; `start` is when the visit is then, for `stand-in` and `later`.
    """

    appointment: Annotated[str, IDENTIFIER]
    version: Annotated[int, VERSION]
    answer: Annotated[Answer, Choice(Answer)]
    practitioner: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    start: Annotated[datetime | None, Instant()] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """All changes of one press; each is carried out by itself.

    `close` names days on which nothing more is to be booked; naming them again changes nothing.
    """

    changes: Annotated[tuple[ChangeBody, ...], Many(Part(ChangeBody), MOST_VISITS)]
    close: Annotated[Days | None, Part(Days)] = None


def change_of(sent: ChangeBody) -> Change:
    """Return what the service takes."""
    return Change(sent.appointment, sent.version, sent.answer, sent.practitioner, sent.start)


def closed_by(days: Days | None) -> Closed | None:
    """Return the days that nothing more is to be booked on."""
    return Closed(days.practitioner, days.first, days.last) if days else None


async def show(request: Request) -> Response:
    """List the visits of these days that have not begun, with what can become of each, best first."""
    sent = query(request, Days)
    found = await services(request).appointments.absences.look(
        actor(request), sent.practitioner, sent.first, sent.last
    )
    return answer(_absence(found))


async def carry_out(request: Request) -> Response:
    """Close the days first, then carry changes out one by one; whatever failed stays as it was.

    Each patient is told once.
    """
    sent = await json_body(request, Arrangement)
    changes = [change_of(each) for each in sent.changes]
    found = await services(request).appointments.absences.carry_out(
        actor(request), changes, await once(request), closed_by(sent.close)
    )
    shape: ArrangedShape = {"outcomes": [_outcome(request, each) for each in found]}
    return answer(shape)


def _absence(found: Absence) -> AbsenceShape:
    return {
        "practitioner": {"id": found.practitioner.id, "name": found.practitioner.display},
        "zone": found.site.zone,
        "visits": [_concerned(each) for each in found.visits],
    }


def _concerned(found: Concerned) -> ConcernedShape:
    row = found.row
    return {
        "appointment": row.appointment.id,
        "version": row.appointment.version,
        "visit": row.visit.id,
        "status": row.visit.status.value,
        "patient": {"id": row.patient.id, "name": row.patient.name.full},
        "service": {"id": row.service.id, "name": row.service.name},
        "start": instant(row.appointment.start),
        "ways": [_way(each) for each in found.ways],
    }


def _way(way: Way) -> WayShape:
    person = way.practitioner
    named: Named | None = {"id": person.id, "name": person.display} if person else None
    return {"answer": way.answer.value, "practitioner": named, "start": maybe_instant(way.start)}


def _outcome(request: Request, found: Outcome) -> OutcomeShape:
    row, refused = found.row, found.refused
    return {
        "appointment": found.change.appointment_id,
        "answer": found.change.answer.value,
        "code": refused.code if refused else "",
        "detail": told(request, refused.detail) if refused else "",
        "status": row.appointment.status.value if row else "",
        "start": instant(row.appointment.start) if row else None,
        "practitioner": found.practitioner.id if found.practitioner else "",
    }
