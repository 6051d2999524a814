"""The addresses of those who come without an appointment: for staff, and for themselves."""

from web.api import own_place
from web.api import queue as api_queue
from web.api import queue_shapes as tell
from web.api.my import LinkToken
from web.limits import JOIN_ADDRESS, PAGES, Limit
from web.pages import queue
from web.route import Access, Handler, Route, api, post, show

ONE = "/queue/{walk_in}"


def own(step: str, handler: Handler, limit: Limit = JOIN_ADDRESS) -> Route:
    """Return a step of somebody's at their own place, whose link is all that they have."""
    return api(
        "POST",
        f"/queue-links/{step}",
        handler,
        access=Access.PUBLIC,
        limits=(limit,),
        csrf=False,
        body=LinkToken,
        answer=tell.OwnPlaceShape,
    )


QUEUE = (
    show("/queue", queue.show, "queue"),
    show("/queue/add", queue.show_add, "queue_add"),
    post("/queue/add", queue.add, queue.again_add),
    post("/queue/next/{service}", queue.take_next, queue.show),
    post(f"{ONE}/triage", queue.assess, queue.show),
    show(f"{ONE}/send", queue.show_send, "queue_send"),
    post(f"{ONE}/send", queue.send, queue.show_send),
    post(f"{ONE}/leave", queue.leave, queue.show),
    post(f"{ONE}/return", queue.back, queue.show),
    api("GET", "/queue", api_queue.listed, answer=tell.QueuesShape),
    api("GET", "/queue/waiting", api_queue.waiting, answer=tell.WaitingShape),
    api("POST", "/queue", api_queue.add, body=api_queue.WalkInBody, answer=tell.WalkInShape, status=201),
    api(
        "POST",
        "/queue/next",
        api_queue.take_next,
        body=api_queue.NextBody,
        answer=tell.CalledShape,
        status=201,
    ),
    api("PUT", f"{ONE}/triage", api_queue.assess, body=api_queue.TriageBody, answer=tell.WalkInShape),
    api("POST", f"{ONE}/send", api_queue.send, body=api_queue.OnwardBody, answer=tell.WalkInShape),
    api("POST", f"{ONE}/leave", api_queue.leave, answer=tell.WalkInShape),
    api("POST", f"{ONE}/return", api_queue.back, answer=tell.WalkInShape),
)

OWN_PLACE = (
    show("/v/queue", queue.own, "place_in_queue", access=Access.PUBLIC),
    own("look", own_place.look, PAGES),
    own("leave", own_place.leave),
    own("return", own_place.back),
)
