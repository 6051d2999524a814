"""The addresses of rooms, devices and interpreters: kept by coordinators and administrators."""

from web.api import hours_shapes as tell
from web.api import rooms as door
from web.pages import rooms
from web.route import api, post, show

ONE = "/rooms/{resource}"

ROOMS = (
    show("/rooms", rooms.show, "rooms"),
    post("/rooms", rooms.add, rooms.show),
    show(ONE, rooms.one, "room"),
    post(ONE, rooms.change, rooms.one),
    post(f"{ONE}/retire", rooms.retire, rooms.one),
    api("GET", "/resources", door.listed, answer=tell.ResourceListShape),
    api("GET", "/bookable-resources", door.bookable, answer=tell.ResourceListShape),
    api("POST", "/resources", door.add, body=door.ResourceBody, answer=tell.ResourceShape, status=201),
    api(
        "PUT",
        "/resources/{resource}",
        door.change,
        body=door.ResourceChange,
        answer=tell.ResourceShape,
    ),
    api(
        "POST",
        "/resources/{resource}/retire",
        door.retire,
        body=door.Retirement,
        answer=tell.ResourceShape,
    ),
)
