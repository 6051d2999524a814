"""A year of everybody who offers a service: how many hours of each week are free. Works without scripts."""

from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Annotated

from aiohttp.web import Request, Response
from markupsafe import Markup

from telehealth.domain.words import LANGUAGE_LIMIT
from telehealth.services.years import YearOf, YearQuery
from web.readers import OPTIONAL_IDENTIFIER, Day, Text
from web.reading import query
from web.render import page
from web.request import actor, services

LESS_THAN_ONE, NO_HOURS = "½", "–"
PLENTY = 0.5
"""More than such a part of a week's hours is free."""
CELL = Markup('<td class="{}">{}</td>')
"""How much is free, as the look's word for it and as a number of hours."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose year, and any day of its first week."""

    service: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    site: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    language: Annotated[str, Text(LANGUAGE_LIMIT)] = ""
    day: Annotated[date | None, Day()] = None


async def show(request: Request) -> Response:
    """Show who has time in which week."""
    sent = query(request, Wanted, strict=False)
    wanted = YearQuery(sent.service, sent.site, sent.language, sent.day)
    year = await services(request).overview.years.read(actor(request), wanted)
    rows = [(each, _first(each, year.mondays), _row(each.whole, each.free)) for each in year.people]
    return page(request, "staff/availability.html", year=year, rows=rows, wanted=wanted)


@lru_cache(maxsize=1024)
def _row(whole: tuple[float, ...], free: tuple[float, ...]) -> Markup:
    """Return a specialist's weeks as cells: ten thousand of them would keep a template busy for long."""
    cells = [_cell(hours, left) for hours, left in zip(whole, free, strict=True)]
    return Markup("".join(cells))  # noqa: S704 (cells escape what they hold)


def _cell(whole: float, free: float) -> Markup:
    """Whole hours, rounded down: nobody is promised what does not fit."""
    if not whole:
        return _written("none", NO_HOURS)
    look = "plenty" if free > whole * PLENTY else "some" if free else "full"
    return _written(look, LESS_THAN_ONE if 0 < free < 1 else str(int(free)))


@cache
def _written(look: str, hours: str) -> Markup:
    return CELL.format(look, hours)


def _first(of: YearOf, mondays: list[date]) -> date | None:
    """Return the Monday of the first week in which anything is free."""
    return next((monday for monday, free in zip(mondays, of.free, strict=True) if free), None)
