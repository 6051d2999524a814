"""/api/v1/staff: the people of an organization, for its administrators."""

from dataclasses import dataclass
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.people import Role
from telehealth.domain.words import LANGUAGE_LIMIT
from telehealth.services.staff import NewStaff, StaffRow
from web.api.present import answer
from web.api.shapes import InvitedShape, StaffList, StaffMember
from web.keys import STANDING
from web.readers import OPTIONAL_IDENTIFIER, Choice, Text
from web.reading import json_body
from web.request import actor, once, services


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
