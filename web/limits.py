"""How often something may be asked: limits per address, session, account or token, kept in memory.

Each key holds one instant, the theoretical arrival time of the generic cell rate algorithm: a burst of
`count` is let through, then one more every `seconds / count`. The clock is handed in, so tests need not wait.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv4Address, ip_address
from math import ceil

from aiohttp.web import AppKey, Request

from telehealth.domain.errors import TooMany
from telehealth.services.ports import Clock
from web.keys import ACTOR, SESSION_ID, SETTINGS

KEYS_KEPT = 200_000
"""Beyond this the keys touched longest ago are forgotten: memory stays bounded under an address flood."""


class By(StrEnum):
    """What a limit counts."""

    ADDRESS = "address"
    SESSION = "session"
    PERSON = "person"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` in `seconds`. The figures are those of security.md."""

    name: str
    count: int
    seconds: int
    by: By


PAGES = Limit("pages", 600, 60, By.ADDRESS)
STRANGERS = Limit("strangers", 600, 60, By.ADDRESS)
"""Requests with no or a dead cookie where one is needed."""
API = Limit("api", 300, 60, By.SESSION)
JOIN_ADDRESS = Limit("join-address", 60, 60, By.ADDRESS)
JOIN_TOKEN = Limit("join-token", 10, 60, By.VALUE)
SIGN_IN_ADDRESS = Limit("sign-in-address", 10, 60, By.ADDRESS)
SIGN_IN_ACCOUNT = Limit("sign-in-account", 5, 60, By.VALUE)
CODE = Limit("code", 5, 300, By.SESSION)
RESET_ADDRESS = Limit("reset-address", 60, 3600, By.ADDRESS)
RESET_ACCOUNT = Limit("reset-account", 3, 3600, By.VALUE)
INVITATION = Limit("invitation", 30, 60, By.ADDRESS)
TRANSFER = Limit("transfer", 10, 300, By.SESSION)
FEEDBACK = Limit("feedback", 20, 300, By.SESSION)
PLAYING = Limit("playing", 240, 60, By.SESSION)
PAPER = Limit("paper", 20, 60, By.SESSION)
INVITE = Limit("invite", 20, 3600, By.SESSION)
FEED = Limit("feed", 30, 3600, By.VALUE)
HOLD = Limit("hold", 60, 600, By.VALUE)
"""By account, whatever its sessions. A hold lasts as long: nobody keeps all times from everybody else."""
HOLD_ADDRESS = Limit("hold-address", 15, 600, By.ADDRESS)
HOLD_DAY = Limit("hold-day", 6, 600, By.VALUE)
"""By address, service and day: no single address keeps a specialist's whole day from everybody else."""
HOLD_SERVICE = Limit("hold-service", 60, 600, By.VALUE)
"""Holds of people whom nobody knows yet: as long as a hold lasts, by service, whoever asks."""
OWN_ADDRESS = Limit("own-address", 60, 60, By.ADDRESS)
CONTACT = Limit("contact", 3, 3600, By.VALUE)
"""Codes to one phone or address, whoever asks: nobody is flooded, and few codes can be guessed at."""
OWN_CODE = Limit("own-code", 10, 60, By.VALUE)
CHOOSE = Limit("choose", 30, 600, By.VALUE)
"""Times that one invited patient has kept: no link keeps a whole day from everybody else."""
CHECK_ADDRESS = Limit("check-address", 40, 600, By.ADDRESS)
"""A check asks two or three times; the people of a clinic share one address."""
CHECK_SESSION = Limit("check-session", 10, 600, By.SESSION)
CHANGE = Limit("change", 30, 3600, By.SESSION)
FILES = Limit("files", 60, 3600, By.SESSION)
"""Pictures and documents into the record: 360 MiB an hour at the most."""
GLASS = Limit("glass", 20, 600, By.PERSON)
"""Looking for somebody in all houses, and opening a record in an emergency; how many, the service counts."""
BUNDLES = Limit("bundles", 30, 60, By.SESSION)
"""Each holds up to two hundred requests: 100 a second at the most."""
WHOLE = Limit("whole", 30, 60, By.SESSION)
"""Pages of whole records, and summaries: up to 4 MB each."""
EXPORTS = Limit("exports", 10, 600, By.SESSION)
"""Asking for files of all records; one at a time is written anyway."""
PROGRAM_TOKEN = Limit("program-token", 60, 60, By.ADDRESS)
"""A program asks once in five minutes; several of one house share an address."""
HOOKS = Limit("hooks", 600, 60, By.ADDRESS)
REPORTS = Limit("reports", 30, 60, By.ADDRESS)


class Limits:
    """What has been spent so far."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._arrivals: OrderedDict[tuple[str, str], datetime] = OrderedDict()

    def spend(self, limit: Limit, key: str) -> None:
        """Count one; raise TooMany with the seconds to wait when there was none left."""
        now = self._clock.now()
        place = (limit.name, key)
        step = timedelta(seconds=limit.seconds / limit.count)
        arrival = max(now, self._arrivals.get(place, now)) + step
        over = arrival - now - timedelta(seconds=limit.seconds)
        if over > timedelta(0):
            raise TooMany(max(1, ceil(over.total_seconds())))
        self._arrivals[place] = arrival
        self._arrivals.move_to_end(place)
        while len(self._arrivals) > KEYS_KEPT:
            self._arrivals.popitem(last=False)


LIMITS = AppKey("limits", Limits)


def address_of(request: Request) -> str:
    """Return the client's address. X-Forwarded-For is believed only as far as our own proxies wrote it.

    Proxies append to the header or add a line of it; all lines make one list, in their order.
    """
    trusted = request.app[SETTINGS].trusted_proxies
    told = ",".join(request.headers.getall("X-Forwarded-For", []))
    hops = [part.strip() for part in told.split(",") if part.strip()]
    return nearest_stranger([*hops, request.remote or ""], trusted)


def nearest_stranger(hops: Sequence[str], trusted: Sequence[str]) -> str:
    """Return the last of `hops` that is no proxy of ours; the first when all are. IPv6 counts by its /64."""
    for hop in reversed(hops):
        if hop not in trusted:
            return network(hop)
    return network(hops[0])


def network(address: str) -> str:
    """Return what one subscriber has: the address itself, or an IPv6 address's /64 prefix."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return parsed.exploded[:19]


def spend_own_hold(request: Request, service_id: str, start: datetime) -> None:
    """Count a time that somebody whom nobody knows yet wants to be kept."""
    spend(request, HOLD_DAY, f"{address_of(request)} {service_id} {start.date()}")
    spend(request, HOLD_SERVICE, service_id)


def spend(request: Request, limit: Limit, value: str = "") -> None:
    """Count one request against `limit`; `value` is the account or token of limits by value."""
    if limit.by is By.ADDRESS:
        key = address_of(request)
    elif limit.by is By.PERSON and ACTOR in request:
        key = request[ACTOR].id
    elif limit.by in {By.SESSION, By.PERSON}:
        key = request.get(SESSION_ID, "") or address_of(request)
    else:
        key = value
    request.app[LIMITS].spend(limit, key)
