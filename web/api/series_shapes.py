"""What the JSON API tells of visits that come back."""

from typing import TypedDict

from web.api.shapes import PartyShape


class ForeseenShape(TypedDict):
    """One visit of a series before it is booked; `occurrence` is its wall time and names it for life.

    `code` is empty where nothing is in the way; else `ways` are free times of that day, the nearest first.
    `shifted` says that clocks jump over the wall time: somebody should look whether the new one is good.
    """

    occurrence: str
    start: str
    shifted: bool
    code: str
    detail: str
    ways: list[str]


class OutlookShape(TypedDict):
    """A series before it is booked, by the clock of `zone`."""

    zone: str
    location: str
    visits: list[ForeseenShape]


class VisitOfSeriesShape(TypedDict):
    """One visit of a series as it stands; `apart` says that its time was chosen for itself."""

    occurrence: str
    appointment: str
    visit: str
    version: int
    status: str
    start: str
    end: str
    shifted: bool
    apart: bool
    resources: list[PartyShape]


class SeriesShape(TypedDict):
    """A series as it stands; `rule` is the RRULE (RFC 5545) that it was booked by."""

    id: str
    patient: str
    practitioner: str
    service: str
    zone: str
    rule: str
    visits: list[VisitOfSeriesShape]


class MovingShape(ForeseenShape):
    """One visit that a move goes to: as in a preview, `start` is where it would go, `before` where it is.

    `occurrence` names it as the series does.
    """

    before: str


class MoveOutlookShape(TypedDict):
    """What a move would do to each visit that it goes to, by the clock of `zone`."""

    zone: str
    visits: list[MovingShape]
