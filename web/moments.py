"""When a visit is, in words, in the page's language: `patient/moment.html` said by programs."""

from aiohttp.web import Request

from telehealth.services.attending import VisitView
from telehealth.services.joining import FirstScreen
from web.keys import LANGUAGE, SETTINGS
from web.render import RENDERER

TEMPLATE = "patient/moment.html"


def moment_of(request: Request, screen: FirstScreen | VisitView) -> str:
    """Return `Today, 10:30` or the day and time, where the patient is."""
    return _words(request, "moment", screen)


def sentence_of(request: Request, screen: FirstScreen) -> str:
    """Return `Your visit is tomorrow at 10:30.`, where the patient is; that it was moved, where it was."""
    return _words(request, "moved" if screen.moved else "sentence", screen)


def advice_of(request: Request, phone: str) -> tuple[str, str]:
    """Return what a calendar says: the title, and how the visit is opened."""
    return say(request, "title"), say(request, "advice", phone)


def _words(request: Request, macro: str, screen: FirstScreen | VisitView) -> str:
    now = request.app[SETTINGS].clock.now()
    return say(request, macro, screen.start, screen.zone, screen.home, now)


def say(request: Request, macro: str, *facts: object) -> str:
    """Return a macro's words as plain text."""
    return request.app[RENDERER].say(request[LANGUAGE], TEMPLATE, macro, *facts)
