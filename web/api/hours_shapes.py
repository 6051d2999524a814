"""What the JSON API answers about when specialists can be booked."""

from typing import TypedDict


class HoursShape(TypedDict):
    """Hours of every week: ISO weekday and wall times at the site; an end of 00:00 is midnight.

    `breaks` are times as 12:00/12:45; `until` is the last day, empty for good.
    """

    id: str
    weekday: int
    start: str
    end: str
    service: str
    site: str
    valid_from: str
    until: str
    breaks: list[str]
    version: int


class HoursList(TypedDict):
    """A specialist's weekly hours, by weekday and start."""

    hours: list[HoursShape]


class ExceptionShape(TypedDict):
    """What differs from the weekly hours, from `start` on the day `first` until `end` on the day `last`.

    `kind` is away or extra. Times are wall times at the site; an end of 00:00 is midnight.
    """

    id: str
    kind: str
    first: str
    start: str
    last: str
    end: str
    site: str
    service: str
    version: int


class KeptExceptionShape(TypedDict):
    """An exception as it was kept, and how many visits are booked in its time: they stay booked."""

    exception: ExceptionShape
    booked: int


class ExceptionList(TypedDict):
    """A specialist's exceptions, by first day."""

    exceptions: list[ExceptionShape]


class HolidayShape(TypedDict):
    """A public holiday that a site keeps; `worked` says that the site works on it all the same."""

    day: str
    name: str
    worked: bool


class HolidayList(TypedDict):
    """The public holidays of a year at a site, by day."""

    holidays: list[HolidayShape]


class SiteShape(TypedDict):
    """A site, its zone, whose public holidays it keeps and where it is; both may be empty."""

    id: str
    name: str
    zone: str
    region: str
    address: str
    version: int


class SiteList(TypedDict):
    """The sites of the actor's organization, by name."""

    sites: list[SiteShape]


class ResourceShape(TypedDict):
    """A room, device or interpreter; pauses in minutes, `retired_at` is null while it can be booked."""

    id: str
    site: str
    kind: str
    name: str
    languages: list[str]
    before_minutes: int
    after_minutes: int
    retired_at: str | None
    version: int


class ResourceListShape(TypedDict):
    """The rooms, devices and interpreters of the actor's organization, those in use first."""

    resources: list[ResourceShape]


class TermsShape(TypedDict):
    """When a service can be booked: pauses, notice, horizon, ways, for how many; and whether patients may."""

    id: str
    name: str
    minutes: int
    before_minutes: int
    buffer_minutes: int
    notice_minutes: int
    horizon_days: int
    capacity: int
    open_to_patients: bool
    modalities: list[str]
    version: int
