"""When a visit is, in words, in the page's language: templates of the patient's pages said by programs."""

from aiohttp.web import Request

from telehealth.calendars import CalendarEntry
from telehealth.domain.closures import Closure
from telehealth.domain.modality import Modality
from telehealth.services.guest_door import GuestView
from telehealth.services.joining import FirstScreen
from telehealth.services.visit_view import VisitView
from web.keys import LANGUAGE, SETTINGS
from web.render import RENDERER
from web.zones import city_of, differs

TEMPLATE = "patient/moment.html"
CLOSED = "patient/closed.html"


def moment_of(request: Request, screen: FirstScreen | VisitView | GuestView) -> str:
    """Return `Today, 10:30` or the day and time, where the patient is; or that the clinic is closed then."""
    if screen.closure:
        return say(request, "heading", template=CLOSED)
    return _words(request, "moment", screen)


def city_meant(request: Request, screen: FirstScreen | GuestView) -> str:
    """Return whose clock is meant, for readers whose own differs; empty where the words say so themselves."""
    if differs(screen.start, screen.zone, screen.home):
        return ""
    return city_of(screen.zone, locale=request[LANGUAGE].replace("-", "_"))


def sentence_of(request: Request, screen: FirstScreen) -> str:
    """Return `Your visit is tomorrow at 10:30.`, where the patient is; that it was moved, where it was.

    Of an open visit that is not by video also what the patient does then.
    While the clinic is closed then: why, until when, and what becomes of the visit.
    """
    if screen.state == "closed":
        return closed_of(request, screen.closure, screen.zone, screen.home)
    when = _words(request, "moved" if screen.moved else "sentence", screen)
    return f"{when} {how_of(request, screen.entry)}".rstrip() if screen.state == "open" else when


def closed_of(request: Request, closure: Closure | None, zone: str, home: str) -> str:
    """Return why and until when the clinic is closed; nothing where it is not."""
    now = request.app[SETTINGS].clock.now()
    return say(request, "explain", closure, zone, home, now, template=CLOSED) if closure else ""


def how_of(request: Request, entry: CalendarEntry) -> str:
    """Return what a patient does for a visit that is not by video; empty for one that is."""
    return say(request, "how", entry)


def todo_of(request: Request, entry: CalendarEntry) -> str:
    """Return what a patient does at the time of a visit."""
    return say(request, "to_do", entry)


def in_calendars(request: Request, entry: CalendarEntry, phone: str) -> tuple[str, str, str]:
    """Return what a calendar says of a visit: what it is called, where it is, and what its patient does."""
    return (
        say(request, "title", entry.way),
        say(request, "place", entry),
        say(request, "advice", entry, phone),
    )


def titles_of(request: Request) -> dict[Modality, str]:
    """Return what a visit of each way is called in calendars."""
    return {way: say(request, "title", way) for way in Modality}


def _words(request: Request, macro: str, screen: FirstScreen | VisitView | GuestView) -> str:
    now = request.app[SETTINGS].clock.now()
    return say(request, macro, screen.start, screen.zone, screen.home, now)


def say(request: Request, macro: str, *facts: object, template: str = TEMPLATE) -> str:
    """Return a macro's words as plain text."""
    return request.app[RENDERER].say(request[LANGUAGE], template, macro, *facts)
