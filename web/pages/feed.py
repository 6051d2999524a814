"""A specialist's visits in the calendar of their phone: its secret address, and what that tells."""

from aiohttp.web import Request, Response

from telehealth.calendars import TYPE, feed_file
from telehealth.domain.errors import NotFound
from telehealth.services.bearer import digest_of
from web.gates import see
from web.keys import REQUEST_ID, SETTINGS, STANDING
from web.limits import FEED, spend
from web.moments import titles_of
from web.render import page
from web.request import actor, services


async def renew(request: Request) -> Response:
    """Make a new address and show it, this once."""
    token = await services(request).overview.calendar.renew(actor(request))
    spoken = request[STANDING].language
    url = f"{request.app[SETTINGS].public_url}/calendar/{token}.ics" + (f"?lang={spoken}" if spoken else "")
    return page(request, "staff/calendar_address.html", url=url)


async def end(request: Request) -> Response:
    """End the address."""
    await services(request).overview.calendar.end(actor(request))
    return see("/account?done=calendar")


async def fetch(request: Request) -> Response:
    """Send the calendar of the address, to whoever has it."""
    token = request.match_info["token"]
    digest = digest_of(token)
    if digest is None:  # an address can be 8 kB long, and limits remember what they count
        raise NotFound
    spend(request, FEED, digest.hex())
    found = await services(request).overview.calendar.fetch(token, request[REQUEST_ID])
    settings = request.app[SETTINGS]
    body = feed_file(
        found,
        titles=titles_of(request),
        now=settings.clock.now(),
        url=f"{settings.public_url}/clinic",
    )
    return Response(body=body, content_type=TYPE, charset="utf-8")
