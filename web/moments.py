"""When a visit is, in words, in the page's language: templates of the patient's pages said by programs."""

from aiohttp.web import Request

from telehealth.domain.closures import Closure
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

    While the clinic is closed then: why, until when, and what becomes of the visit.
    """
    if screen.state == "closed":
        return closed_of(request, screen.closure, screen.zone, screen.home)
    return _words(request, "moved" if screen.moved else "sentence", screen)


def closed_of(request: Request, closure: Closure | None, zone: str, home: str) -> str:
    """Return why and until when the clinic is closed; nothing where it is not."""
    now = request.app[SETTINGS].clock.now()
    return say(request, "explain", closure, zone, home, now, template=CLOSED) if closure else ""


def advice_of(request: Request, phone: str) -> tuple[str, str]:
    """Return what a calendar says: the title, and how the visit is opened."""
    return say(request, "title"), say(request, "advice", phone)


def visits_title(request: Request) -> str:
    """Return what a visit is called in calendars."""
    return say(request, "title")


def _words(request: Request, macro: str, screen: FirstScreen | VisitView | GuestView) -> str:
    now = request.app[SETTINGS].clock.now()
    return say(request, macro, screen.start, screen.zone, screen.home, now)


def say(request: Request, macro: str, *facts: object, template: str = TEMPLATE) -> str:
    """Return a macro's words as plain text."""
    return request.app[RENDERER].say(request[LANGUAGE], template, macro, *facts)
