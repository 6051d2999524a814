"""/api/v1/sites and /api/v1/services: whose holidays a site keeps, and when a service can be booked."""

from dataclasses import dataclass
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.modality import Modality
from telehealth.domain.organizations import HealthcareService, Location
from telehealth.services.service_terms import LIMITS, Terms
from web.api.hours_shapes import HolidayList, SiteList, SiteShape, TermsShape
from web.api.present import answer, nothing
from web.keys import LANGUAGE
from web.readers import VERSION, Choice, Day, Flag, Many, Text, Whole
from web.reading import json_body, query
from web.request import actor, identifier, services

YEARS = Whole(2000, 2100)
ADDRESS = Text(120)


@dataclass(frozen=True, slots=True)
class Year:
    """Which year is meant."""

    year: Annotated[int, YEARS]


@dataclass(frozen=True, slots=True)
class RegionBody:
    """Whose holidays a site keeps, as ISO 3166 writes it: DE, DE-BY; empty for nobody's.

    `address` is told to whoever is to come there; left out, it stays as it is.
    """

    version: Annotated[int, VERSION]
    region: Annotated[str, Text(16)] = ""
    address: Annotated[str | None, ADDRESS] = None


@dataclass(frozen=True, slots=True)
class WorkedBody:
    """Whether the site works on that holiday."""

    worked: Annotated[bool, Flag()]


@dataclass(frozen=True, slots=True)
class TermsBody:
    """Pauses around a visit, at least how long and at most how far ahead it is booked, how, for how many.

    Left out, ways and capacity stay as they are.
    """

    before_minutes: Annotated[int, Whole(*LIMITS["before_minutes"])]
    buffer_minutes: Annotated[int, Whole(*LIMITS["buffer_minutes"])]
    notice_minutes: Annotated[int, Whole(*LIMITS["notice_minutes"])]
    horizon_days: Annotated[int, Whole(*LIMITS["horizon_days"])]
    version: Annotated[int, VERSION]
    modalities: Annotated[tuple[Modality, ...] | None, Many(Choice(Modality), len(Modality))] = None
    capacity: Annotated[int | None, Whole(*LIMITS["capacity"])] = None

    @property
    def terms(self) -> Terms:
        """What the service takes."""
        return Terms(
            self.before_minutes,
            self.buffer_minutes,
            self.notice_minutes,
            self.horizon_days,
            self.modalities,
            self.capacity,
        )


@dataclass(frozen=True, slots=True)
class OpenBody:
    """Whether patients may book a service by themselves, on its public page."""

    open: Annotated[bool, Flag()]


async def sites(request: Request) -> Response:
    """List the organization's sites with the holidays' region of each."""
    found = await services(request).timing.holidays.sites(actor(request))
    shape: SiteList = {"sites": [_site(each) for each in found]}
    return answer(shape)


async def keep_region(request: Request) -> Response:
    """Say whose holidays a site keeps."""
    sent, site = await json_body(request, RegionBody), identifier(request, "site")
    keeper = services(request).timing.holidays
    kept = await keeper.keep_region(actor(request), site, sent.region, sent.version, sent.address)
    return answer(_site(kept))


async def holidays(request: Request) -> Response:
    """List the public holidays of a year at a site."""
    sent, site = query(request, Year), identifier(request, "site")
    keeper = services(request).timing.holidays
    found = await keeper.listed(actor(request), site, sent.year, request[LANGUAGE])
    shape: HolidayList = {
        "holidays": [
            {"day": each.day.isoformat(), "name": each.name, "worked": each.worked} for each in found
        ]
    }
    return answer(shape)


async def work_on(request: Request) -> Response:
    """Say whether a site works on a holiday."""
    sent, site = await json_body(request, WorkedBody), identifier(request, "site")
    day = Day().read(request.match_info["day"], "day")
    await services(request).timing.holidays.work_on(actor(request), site, day, worked=sent.worked)
    return nothing()


async def terms(request: Request) -> Response:
    """Show when a service can be booked."""
    return answer(
        _terms(await services(request).timing.terms.read(actor(request), identifier(request, "service")))
    )


async def change_terms(request: Request) -> Response:
    """Change when a service can be booked; what is booked stays."""
    sent, service = await json_body(request, TermsBody), identifier(request, "service")
    keeper = services(request).timing.terms
    return answer(_terms(await keeper.change(actor(request), service, sent.version, sent.terms)))


async def open_service(request: Request) -> Response:
    """Let patients book a service by themselves, or no longer; what is booked stays."""
    sent, service = await json_body(request, OpenBody), identifier(request, "service")
    return answer(_terms(await services(request).timing.open.open(actor(request), service, wanted=sent.open)))


def _site(site: Location) -> SiteShape:
    return {
        "id": site.id,
        "name": site.name,
        "zone": site.zone,
        "region": site.region,
        "address": site.address,
        "version": site.version,
    }


def _terms(service: HealthcareService) -> TermsShape:
    return {
        "id": service.id,
        "name": service.name,
        "minutes": service.minutes,
        "before_minutes": service.before_minutes,
        "buffer_minutes": service.buffer_minutes,
        "notice_minutes": service.notice_minutes,
        "horizon_days": service.horizon_days,
        "capacity": service.capacity,
        "open_to_patients": service.open_to_patients,
        "modalities": [each.value for each in service.modalities],
        "version": service.version,
    }
