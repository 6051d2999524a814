"""/api/v1/staff: the people of an organization, for its administrators."""

from dataclasses import dataclass
from datetime import time
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.people import Role
from telehealth.domain.words import LANGUAGE_LIMIT
from telehealth.services.hours import HoursRow, NewHours
from telehealth.services.staff import NewStaff, StaffRow
from web.api.present import answer
from web.api.shapes import HoursList, HoursShape, InvitedShape, StaffList, StaffMember
from web.keys import STANDING
from web.readers import IDENTIFIER, OPTIONAL_IDENTIFIER, Choice, Text, WallTime, Whole
from web.reading import json_body
from web.request import actor, identifier, once, services


@dataclass(frozen=True, slots=True)
class StaffBody:
    """Whom to invite; `location` is the site, the inviting administrator's own when left out.

    `language` is what letter and pages speak to them; left out, the organization's and their browser's.
    """

    role: Annotated[Role, Choice(Role)]
    email: Annotated[str, Text(254, 3)]
    given: Annotated[str, Text(100)] = ""
    family: Annotated[str, Text(100)] = ""
    title: Annotated[str, Text(100)] = ""
    specialty: Annotated[str, Text(100)] = ""
    location: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    language: Annotated[str, Text(LANGUAGE_LIMIT)] = ""


@dataclass(frozen=True, slots=True)
class HoursBody:
    """Hours of every week, from today on: ISO weekday, wall times at the site, what can be booked in them."""

    weekday: Annotated[int, Whole(1, 7)]
    start: Annotated[time, WallTime()]
    end: Annotated[time, WallTime()]
    service: Annotated[str, IDENTIFIER]
    site: Annotated[str, IDENTIFIER]


def new_hours(practitioner_id: str, sent: HoursBody) -> NewHours:
    """Return the hours that the administrator sets."""
    return NewHours(practitioner_id, sent.site, sent.service, sent.weekday, sent.start, sent.end)


def new_staff(request: Request, sent: StaffBody) -> NewStaff:
    """Return whom the administrator invites, always into their own organization."""
    return NewStaff(
        organization_id=actor(request).organization_id,
        location_id=sent.location or request[STANDING].practitioner.location_id,
        role=sent.role,
        given=sent.given,
        family=sent.family,
        title=sent.title,
        email=sent.email,
        specialty=sent.specialty,
        language=sent.language,
    )


async def listed(request: Request) -> Response:
    """List the staff of the administrator's organization."""
    rows = await services(request).staff.listed(actor(request))
    shape: StaffList = {"staff": [_member(row) for row in rows]}
    return answer(shape)


async def invite(request: Request) -> Response:
    """Invite somebody; the link is told once, and is on its way by e-mail."""
    sent = await json_body(request, StaffBody)
    invited = await services(request).staff.invite(
        actor(request), new_staff(request, sent), await once(request)
    )
    shape: InvitedShape = {"id": invited.practitioner_id, "url": invited.url}
    return answer(shape, status=201)


def _member(row: StaffRow) -> StaffMember:
    person = row.practitioner
    return {
        "id": person.id,
        "name": person.display,
        "role": person.role.value,
        "email": person.email,
        "specialty": person.specialty,
        "status": row.status,
    }


async def hours(request: Request) -> Response:
    """List a specialist's weekly hours."""
    rows = await services(request).hours.listed(actor(request), identifier(request, "practitioner"))
    shape: HoursList = {"hours": [_hours(row) for row in rows]}
    return answer(shape)


async def add_hours(request: Request) -> Response:
    """Add weekly hours from today on."""
    sent = await json_body(request, HoursBody)
    new = new_hours(identifier(request, "practitioner"), sent)
    return answer(_hours(await services(request).hours.add(actor(request), new)), status=201)


async def remove_hours(request: Request) -> Response:
    """Remove weekly hours; visits that are booked stay."""
    person, hours_id = identifier(request, "practitioner"), identifier(request, "hours")
    await services(request).hours.remove(actor(request), person, hours_id)
    return Response(status=204)


def _hours(row: HoursRow) -> HoursShape:
    rule = row.rule
    return {
        "id": rule.id,
        "weekday": rule.weekday,
        "start": rule.start.isoformat("minutes"),
        "end": rule.end.isoformat("minutes"),
        "service": rule.service_id or "",
        "site": rule.location_id,
        "valid_from": rule.valid_from.isoformat(),
    }
