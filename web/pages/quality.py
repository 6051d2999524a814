"""How the lines of calls were: of one visit as plots and a table, of a house by site, and as a file."""

import csv
import io
from dataclasses import asdict, dataclass
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.services.line_record_repository import Measured
from telehealth.services.line_report import LineReport
from web.plots import HEIGHT, WIDTH, plot_of
from web.readers import Whole
from web.reading import query
from web.render import page
from web.request import actor, identifier, services

DAYS = (7, 30, 90)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a table program would take for something to compute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How many days back."""

    days: Annotated[int, Whole(1, 366)] = 30


async def report(request: Request) -> Response:
    """Show how the lines of the own house were."""
    return page(request, "staff/line_report.html", report=await _report(request), periods=DAYS)


async def table(request: Request) -> Response:
    """Send a row for each line as CSV."""
    found = await _report(request)
    sites = {site.id: site.name for site, _ in found.sites}
    text = io.StringIO()
    rows = [_row(each, sites) for each in found.lines]
    writer = csv.DictWriter(text, rows[0].keys() if rows else ("site",))
    writer.writeheader()
    writer.writerows(rows)
    sent = {"Content-Disposition": 'attachment; filename="lines.csv"'}
    return Response(text=text.getvalue(), content_type="text/csv", charset="utf-8", headers=sent)


async def visit(request: Request) -> Response:
    """Show how the lines of one visit were."""
    found = await services(request).overview.quality.visit(actor(request), identifier(request, "visit"))
    lines = [(each, plot_of(each)) for each in found.lines]
    return page(request, "staff/line_record.html", row=found.row, lines=lines, width=WIDTH, height=HEIGHT)


async def _report(request: Request) -> LineReport:
    wanted = query(request, Wanted, strict=False)
    return await services(request).overview.quality.report(actor(request), wanted.days)


def _row(line: Measured, sites: dict[str, str]) -> dict[str, object]:
    site = sites[line.location_id]
    told = asdict(line.summary) | {"begun_at": line.summary.begun_at.isoformat(timespec="seconds")}
    return {"site": f"'{site}" if site.startswith(FORMULA) else site, "start": line.start.isoformat(), **told}
