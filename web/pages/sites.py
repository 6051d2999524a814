"""Which public holidays sites keep, and when services can be booked. All without scripts."""

from dataclasses import dataclass
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.modality import Modality
from web.api.timing import ADDRESS, YEARS, RegionBody, TermsBody, WorkedBody
from web.gates import see
from web.keys import LANGUAGE
from web.readers import Day
from web.reading import form, query
from web.render import page
from web.request import actor, identifier, services, today


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of which year the holidays are shown; 0 is the present one."""

    year: Annotated[int, YEARS] = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteForm(RegionBody):
    """The form about a site: an address that was emptied is none."""

    address: Annotated[str, ADDRESS]


async def listed(request: Request) -> Response:
    """Show the organization's sites and services."""
    sites = await services(request).timing.holidays.sites(actor(request))
    offers = await services(request).messages.reminders.listed(actor(request))
    return page(request, "staff/sites.html", sites=sites, offers=offers)


async def show(request: Request) -> Response:
    """Show whose holidays a site keeps, and those of a year."""
    keeper, site_id = services(request).timing.holidays, identifier(request, "site")
    year = query(request, Wanted, strict=False).year or today(request).year
    holidays = await keeper.listed(actor(request), site_id, year, request[LANGUAGE])
    site = next(each for each in await keeper.sites(actor(request)) if each.id == site_id)
    done = request.query.get("done", "")
    return page(request, "staff/site.html", site=site, holidays=holidays, year=year, done=done)


async def keep(request: Request) -> Response:
    """Say whose holidays a site keeps, and where it is."""
    sent, site_id = await form(request, SiteForm), identifier(request, "site")
    keeper, region = services(request).timing.holidays, sent.region.upper()
    await keeper.keep_region(actor(request), site_id, region, sent.version, sent.address)
    return see(f"/sites/{site_id}?done=kept")


async def work_on(request: Request) -> Response:
    """Say whether a site works on a holiday."""
    sent, site_id = await form(request, WorkedBody), identifier(request, "site")
    day = Day().read(request.match_info["day"], "day")
    await services(request).timing.holidays.work_on(actor(request), site_id, day, worked=sent.worked)
    return see(f"/sites/{site_id}?year={day.year}&done=kept")


async def terms(request: Request) -> Response:
    """Show when a service can be booked."""
    service = await services(request).timing.terms.read(actor(request), identifier(request, "service"))
    done = request.query.get("done", "")
    return page(request, "staff/terms.html", service=service, ways=list(Modality), done=done)


async def keep_terms(request: Request) -> Response:
    """Change when a service can be booked; what is booked stays."""
    sent, service_id = await form(request, TermsBody), identifier(request, "service")
    await services(request).timing.terms.change(actor(request), service_id, sent.version, sent.terms)
    return see(f"/services/{service_id}?done=kept")
