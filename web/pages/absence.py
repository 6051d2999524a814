"""A specialist is away: one choice for each visit of their days, one press for all. All without scripts."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from aiohttp.web import Request, Response

from telehealth.domain.absences import MOST_VISITS, Closed
from telehealth.services.absences import Absence
from web.api.absences import ChangeBody, change_of
from web.keys import FILLED
from web.readers import IDENTIFIER, OPTIONAL_IDENTIFIER, Day, Flag, Many
from web.reading import form, query, read, schema
from web.render import page
from web.request import actor, new_key, once, services
from web.speech import told

PARTS = ("appointment", "version", "answer", "practitioner", "start")


class Written:
    """A change as the page's choice carries it: its parts in order, with a space between."""

    def read(self, value: object, _field: str) -> ChangeBody:
        """Return the change; raises BadInput."""
        return read(ChangeBody, dict(zip(PARTS, str(value).split(" "), strict=False)))

    def schema(self) -> dict[str, Any]:
        """Return the change's schema."""
        return schema(ChangeBody)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose days, as far as they were chosen."""

    practitioner: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    first: Annotated[date | None, Day()] = None
    last: Annotated[date | None, Day()] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """The choice for each visit, whose days these are, and whether nothing is to be booked on them."""

    practitioner: Annotated[str, IDENTIFIER]
    first: Annotated[date, Day()]
    last: Annotated[date, Day()]
    change: Annotated[tuple[ChangeBody, ...], Many(Written(), MOST_VISITS)] = ()
    close: Annotated[bool, Flag()] = False


async def show(request: Request) -> Response:
    """Show whose days can be arranged, and the visits of those that were chosen."""
    return await _show(request, query(request, Wanted, strict=False))


async def again(request: Request) -> Response:
    """Show the choice of days again as it was typed, with what was wrong about it."""
    return await _page(request, request[FILLED], None)


async def carry_out(request: Request) -> Response:
    """Carry everything out. Loading this page again sends the same form, and nothing is done twice."""
    sent = await form(request, Pressed)
    closed = Closed(sent.practitioner, sent.first, sent.last) if sent.close else None
    outcomes = await services(request).appointments.absences.carry_out(
        actor(request), [change_of(each) for each in sent.change], await once(request), closed
    )
    whys = [told(request, each.refused.detail) if each.refused else "" for each in outcomes]
    return page(
        request, "staff/absence_done.html", sent=sent, outcomes=list(zip(outcomes, whys, strict=True))
    )


async def _show(request: Request, wanted: Wanted) -> Response:
    found: Absence | None = None
    if wanted.practitioner and wanted.first:
        last = wanted.last or wanted.first
        found = await services(request).appointments.absences.look(
            actor(request), wanted.practitioner, wanted.first, last
        )
    days = {"first": wanted.first, "last": wanted.last}
    typed = {"practitioner": wanted.practitioner} | {name: str(day or "") for name, day in days.items()}
    return await _page(request, typed, found)


async def _page(request: Request, typed: dict[str, str], found: Absence | None) -> Response:
    people = await services(request).appointments.absences.people(actor(request))
    return page(
        request, "staff/absence.html", people=people, wanted=typed, found=found, once=new_key(request)
    )
