"""The visit in the patient's own calendar: by the visit's cookie, by its link, or by code and birth date."""

from aiohttp.web import Request, Response

from telehealth.calendars import TYPE, calendar_file
from telehealth.crypto.tokens import normalise_spoken
from telehealth.services.after import NextVisit
from telehealth.services.joining import FirstScreen
from telehealth.services.own_booking import BookedVisit
from telehealth.services.visit_view import VisitView
from web.api.my import LinkToken
from web.body import posted
from web.keys import ACTOR, SERVICES, SETTINGS
from web.limits import JOIN_TOKEN, spend
from web.moments import in_calendars
from web.pages.patient import SpokenWay
from web.reading import form

NAME = "visit.ics"


async def of_visit(request: Request) -> Response:
    """Send the calendar file of the visit whose cookie comes with the request."""
    return file_of(request, await request.app[SERVICES].attending.view(request[ACTOR]))


async def of_next(request: Request) -> Response:
    """Send the calendar file of the patient's next visit."""
    return file_of(request, await request.app[SERVICES].after.calendar(request[ACTOR]))


async def of_link(request: Request) -> Response:
    """Send the calendar file of a link or a code. Nothing is opened by it."""
    joining = request.app[SERVICES].joining
    if "token" in await posted(request):
        link = await form(request, LinkToken)
        spend(request, JOIN_TOKEN, link.token)
        return file_of(request, await joining.look(link.token))
    typed = await form(request, SpokenWay)
    code = normalise_spoken(typed.code)
    spend(request, JOIN_TOKEN, code)
    return file_of(request, await joining.look_by_code(code, typed.birth_date))


def file_of(request: Request, seen: FirstScreen | VisitView | NextVisit | BookedVisit) -> Response:
    """Return the calendar file of a visit."""
    title, place, advice = in_calendars(request, seen.entry, seen.phone)
    now = request.app[SETTINGS].clock.now()
    body = calendar_file(seen.entry, title=title, place=place, advice=advice, now=now)
    sent = {"Content-Disposition": f'attachment; filename="{NAME}"'}
    return Response(body=body, content_type=TYPE, charset="utf-8", headers=sent)
