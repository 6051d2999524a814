"""Every URL: method, address, handler, who may come, how often. Services decide the rest."""

from web.route import Route
from web.routes.allergies import ALLERGIES
from web.routes.choices import CHOICES, OWN_CHOICE
from web.routes.glass import GLASSES
from web.routes.guests import GUESTS
from web.routes.hours import HOURS, HOURS_PAGES
from web.routes.line import LINE
from web.routes.line_checks import LINE_CHECK_PAGES, LINE_CHECKS
from web.routes.own_booking import OWN_BOOKING
from web.routes.patients import PATIENT_JSON, PATIENT_PAGES
from web.routes.plain import DESCRIPTION, FHIR, PLAIN
from web.routes.queue import OWN_PLACE, QUEUE
from web.routes.recordings import RECORDINGS
from web.routes.rooms import ROOMS
from web.routes.series import SERIES
from web.routes.staff import STAFF_JSON, STAFF_PAGES
from web.routes.waitlist import OWN_OFFER, WAITLIST
from web.routes.words import WORDS


def routes() -> list[Route]:
    """Return the whole table."""
    people = [
        *STAFF_PAGES,
        *OWN_PLACE,
        *OWN_OFFER,
        *OWN_CHOICE,
        *PATIENT_PAGES,
        *STAFF_JSON,
        *PATIENT_JSON,
        *OWN_BOOKING,
        *GUESTS,
        *LINE_CHECK_PAGES,
        *LINE_CHECKS,
    ]
    clinic = [
        *HOURS_PAGES,
        *HOURS,
        *ROOMS,
        *LINE,
        *ALLERGIES,
        *QUEUE,
        *WAITLIST,
        *CHOICES,
        *SERIES,
        *WORDS,
        *RECORDINGS,
        *GLASSES,
    ]
    return [*people, *clinic, *DESCRIPTION, *FHIR, *PLAIN]
