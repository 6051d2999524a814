"""/fhir/R4/Subscription: programs ask to be told of what is new in the record."""

from aiohttp.web import Request, Response, json_response

from telehealth.domain.subscriptions import SubscriptionState
from telehealth.fhir.parameters import refusal
from telehealth.fhir.received import received
from telehealth.fhir.subscription import to_fhir, wanted
from web.fhir.record import FHIR_JSON, base, bundle
from web.fhir.searching import asked
from web.reading import fhir_bytes
from web.request import actor, identifier, services


async def create(request: Request) -> Response:
    """Watch for what a program asks for."""
    here = base(request)
    asked_for = wanted(received(await fhir_bytes(request)).resource)
    made = await services(request).record.subscribing.make(actor(request), asked_for, here)
    headers = {"Location": f"{here}/Subscription/{made.id}"}
    return json_response(to_fhir(made), status=201, headers=headers, content_type=FHIR_JSON)


async def read(request: Request) -> Response:
    """Show one of a program's own."""
    found = await services(request).record.subscribing.one(actor(request), identifier(request, "id"))
    return json_response(to_fhir(found), content_type=FHIR_JSON)


async def search(request: Request) -> Response:
    """List a program's own."""
    given = asked(request, ("status",))
    if given.get("status", "active") not in set(SubscriptionState):
        raise refusal("status", "unknown", "One of active, error and off is expected.")
    own = await services(request).record.subscribing.all(actor(request))
    found = [to_fhir(each) for each in own if given.get("status", each.state) == each.state]
    return bundle(request, found, len(found))


async def end(request: Request) -> Response:
    """Tell a program nothing more."""
    await services(request).record.subscribing.end(actor(request), identifier(request, "id"))
    return Response(status=204)
