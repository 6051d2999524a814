"""What people come to who book by themselves; nobody is known here, so each step has its own limits."""

from typing import Any

from web.api import own_booking as door
from web.api import own_shapes as say
from web.limits import HOLD_ADDRESS, OWN_ADDRESS, PAGES, RESET_ADDRESS, Limit
from web.pages import own_booking as own
from web.pages import own_wish as wish
from web.route import Access, Handler, Route, api, post, show

PUBLIC, LIMITS = Access.PUBLIC, (OWN_ADDRESS,)
HELD = say.OwnBookingShape


def _api(method: str, path: str, handler: Handler, limit: Limit = OWN_ADDRESS, **shapes: Any) -> Route:
    """Return a route for anybody; nobody has a session whose token a write could carry."""
    whole = f"/open-services/{{service}}{path}"
    return api(method, whole, handler, access=PUBLIC, limits=(limit,), csrf=False, **shapes)


_JSON = (
    _api("GET", "", door.show, PAGES, answer=say.OpenServiceShape),
    _api("GET", "/slots", door.slots, query=door.From, answer=say.OpenSlotList),
    _api(
        "POST", "/holds", door.hold, HOLD_ADDRESS, body=door.StartBody, answer=say.OwnBookingShape, status=201
    ),
    _api("POST", "/person", door.tell, RESET_ADDRESS, body=door.PersonBody, status=204),
    _api("POST", "/state", door.state, body=door.TokenBody, answer=HELD),
    _api("POST", "/confirmation", door.confirm, body=door.CodeBody, answer=HELD),
)

OWN_BOOKING = (
    show("/s/{service}", own.show, "own_times", access=PUBLIC),
    post("/s/{service}", own.choose, own.show, access=PUBLIC, limits=(HOLD_ADDRESS,), csrf=False),
    show("/s/{service}/details", own.show_details, "own_details", access=PUBLIC),
    post("/s/{service}/details", own.tell, own.show_details, access=PUBLIC, limits=LIMITS, csrf=False),
    show("/s/{service}/check", own.show_check, "own_check", access=PUBLIC),
    post("/s/{service}/check", own.send, own.show_check, access=PUBLIC, limits=(RESET_ADDRESS,), csrf=False),
    show("/s/{service}/code", own.show_code, "own_code", access=PUBLIC),
    post("/s/{service}/code", own.confirm, own.show_code, access=PUBLIC, limits=LIMITS, csrf=False),
    show("/s/{service}/done", own.done, "own_done", access=PUBLIC),
    show("/s/{service}/calendar", own.calendar, "own_calendar", access=PUBLIC),
    show("/s/{service}/wish", wish.show, "own_wish", access=PUBLIC),
    post("/s/{service}/wish", wish.ask, wish.again_ask, access=PUBLIC, limits=(RESET_ADDRESS,), csrf=False),
    show("/s/{service}/wish/code", wish.show_code, "wish_code", access=PUBLIC),
    post("/s/{service}/wish/code", wish.confirm, wish.show_code, access=PUBLIC, limits=LIMITS, csrf=False),
    post("/s/{service}/wish/end", wish.take_back, access=PUBLIC, limits=LIMITS, csrf=False),
    *_JSON,
)
