"""/api/v1/waitlist: who waits for a time that nobody has yet, and what was offered to them."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, TypedDict

from aiohttp.web import Request, Response

from telehealth.domain.waitlist import EVERY_DAY, MOST_NOTICE, Offer, Sought, Waiting
from telehealth.services.waitlist import Wish
from telehealth.services.waitlist_lines import Line
from web.api.present import answer, instant, nothing
from web.paging import LONGEST, after, position
from web.readers import IDENTIFIER, OPTIONAL_IDENTIFIER, Day, Many, Text, Whole
from web.reading import json_body, query
from web.request import actor, identifier, once, services

PAGE, MOST = 50, 200


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose wishes, else everybody's; how many at once, from where on."""

    patient: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    count: Annotated[int, Whole(1, MOST)] = PAGE
    cursor: Annotated[str, Text(LONGEST)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WishBody:
    """Who waits for which service, from `first` to `last`, with whom; nobody in particular is anybody.

    `weekdays` (1 = Monday) are those on which they can come, none is all of them; `notice_hours` is how long
    before a visit they have to know of it.
    """

    patient_id: Annotated[str, IDENTIFIER]
    service_id: Annotated[str, IDENTIFIER]
    first: Annotated[date, Day()]
    last: Annotated[date, Day()]
    practitioner_id: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    weekdays: Annotated[tuple[int, ...], Many(Whole(1, 7), 7)] = ()
    notice_hours: Annotated[int, Whole(0, MOST_NOTICE)] = 24


class OfferShape(TypedDict):
    """A time that was kept for somebody: `open`, `taken`, `declined`, `expired` or `withdrawn`.

    Not `reached` where all that was written of it was lost.
    """

    id: str
    practitioner: str
    start: str
    state: str
    made_at: str
    expires_at: str
    reached: bool


class WishShape(TypedDict):
    """Somebody who waits; `visit` is theirs that would be earlier. The newest offer comes first.

    They can come from `from_hour` until before `until_hour`, by the site's clock. `by_patient` says that they
    asked for it themselves. `tired` says that nothing more is offered to them: somebody has to phone.
    """

    id: str
    patient: str
    service: str
    practitioner: str
    first: str
    last: str
    weekdays: list[int]
    from_hour: int
    until_hour: int
    notice_hours: int
    since: str
    by_patient: bool
    visit: str
    tired: bool
    offers: list[OfferShape]


class WishList(TypedDict):
    """Who waits, longest waiting first; `next` is the cursor of what follows, or null."""

    wishes: list[WishShape]
    next: str | None


async def listed(request: Request) -> Response:
    """List who waits for the organization's services, and its patients who wait elsewhere."""
    sent = query(request, Asked)
    seen = position(sent.cursor) if sent.cursor else None
    sought = Sought(sent.patient, after=seen, count=sent.count + 1)
    found = await services(request).appointments.waitlist.listed(actor(request), sought)
    shown = found[: sent.count]
    last = shown[-1].waiting if len(found) > sent.count else None
    shape: WishList = {
        "wishes": [_wish(each) for each in shown],
        "next": after(last.since, last.id) if last else None,
    }
    return answer(shape)


async def add(request: Request) -> Response:
    """Put a patient on a list: what becomes free is offered to them, by a message with a link."""
    sent, key = await json_body(request, WishBody), await once(request)
    wish = Wish(
        sent.patient_id,
        sent.service_id,
        sent.first,
        sent.last,
        sent.practitioner_id,
        sent.weekdays or EVERY_DAY,
        sent.notice_hours,
    )
    made = await services(request).appointments.waitlist.add(actor(request), wish, key)
    return answer(_waiting(made), status=201, location=f"/api/v1/waitlist/{made.id}")


async def show(request: Request) -> Response:
    """Show one who waits, with what was offered to them."""
    desk, waiting = services(request).appointments.waitlist, identifier(request, "waiting")
    return answer(_wish(await desk.look(actor(request), waiting)))


async def take_off(request: Request) -> Response:
    """Take somebody off; a time that is kept for them is free at once."""
    desk, waiting = services(request).appointments.waitlist, identifier(request, "waiting")
    await desk.take_off(actor(request), waiting)
    return nothing()


def _wish(line: Line) -> WishShape:
    offers = [_offer(each, reached=each.id not in line.unreached) for each in line.offers]
    return {**_waiting(line.waiting), "tired": line.tired, "offers": offers}


def _waiting(one: Waiting) -> WishShape:
    return {
        "id": one.id,
        "patient": one.patient_id,
        "service": one.service_id,
        "practitioner": one.practitioner_id,
        "first": one.first.isoformat(),
        "last": one.last.isoformat(),
        "weekdays": list(one.weekdays),
        "from_hour": one.from_hour,
        "until_hour": one.until_hour,
        "notice_hours": one.notice_hours,
        "since": instant(one.since),
        "by_patient": one.by_patient,
        "visit": one.visit_id,
        "tired": False,
        "offers": [],
    }


def _offer(offer: Offer, *, reached: bool) -> OfferShape:
    return {
        "id": offer.id,
        "practitioner": offer.practitioner_id,
        "start": instant(offer.start),
        "state": offer.state.value,
        "made_at": instant(offer.made_at),
        "expires_at": instant(offer.expires_at),
        "reached": reached,
    }
