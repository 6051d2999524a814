"""What became of messages to patients: those that reached nobody, and all of one visit."""

from aiohttp.web import Request, Response

from web.gates import see
from web.render import page
from web.request import actor, identifier, new_key, once, services


async def show(request: Request) -> Response:
    """Show visits, offers from waiting lists and invitations to choose a time that reached nobody."""
    post = services(request).messages.post
    rows, offers = await post.unreached(actor(request)), await post.unreached_offers(actor(request))
    choices = await post.unreached_choices(actor(request))
    return page(request, "staff/messages.html", rows=rows, offers=offers, choices=choices)


async def of_visit(request: Request) -> Response:
    """Show the messages about one visit, and the button that sends the link again."""
    found = await services(request).messages.post.of_visit(actor(request), identifier(request, "visit"))
    done = request.query.get("done", "")
    return page(request, "staff/visit_messages.html", found=found, done=done, once=new_key(request))


async def again(request: Request) -> Response:
    """Send the link of a visit again."""
    visit_id = identifier(request, "visit")
    await services(request).messages.resending.again(actor(request), visit_id, await once(request))
    return see(f"/messages/{visit_id}?done=again")
