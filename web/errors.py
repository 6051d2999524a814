"""The one place where refusals become answers: problem+json, OperationOutcome or a page, by the door asked at."""

import logging
from http import HTTPStatus
from typing import Any

from aiohttp.web import HTTPException, Request, Response, StreamResponse, json_response, middleware
from multidict import CIMultiDict

from telehealth.domain import errors
from telehealth.domain.errors import BadInput, NotFound, NotPermitted, NotSignedIn, Refused, StepUpNeeded
from telehealth.fhir.outcome import outcome as fhir_outcome
from web.gates import problem_page, way_in
from web.keys import ACTOR, FILLED, REFUSED, REQUEST_ID, ROUTE, SETTINGS, STANDING
from web.reading import TooLarge, WrongMediaType
from web.route import Handler, route_of

log = logging.getLogger("web")

STATUS: dict[type[Refused], int] = {
    WrongMediaType: 415,
    TooLarge: 413,
    BadInput: 422,
    NotSignedIn: 401,
    NotPermitted: 403,
    NotFound: 404,
    errors.WrongState: 409,
    errors.SlotTaken: 409,
    errors.StaleVersion: 412,
    errors.KeyReused: 422,
    errors.TooMany: 429,
    errors.Unavailable: 503,
    Refused: 400,
}
SECRETS = frozenset({"password", "code", "token", "csrf", "new_password"})


class Failed(Refused):
    """Something broke on our side; the log has it under the request's id."""

    code = "unexpected"
    sentence = "Something went wrong on our side. Please try again."


class NoSuchMethod(Refused):
    """The address exists, the method does not."""

    code = "method-not-allowed"
    sentence = "This address does not take that method."


def status_of(refused: Refused) -> int:
    """Return the HTTP status of a refusal; malformed input without a field to blame is a 400."""
    if type(refused) is BadInput and not refused.problems:
        return HTTPStatus.BAD_REQUEST
    return next(STATUS[kind] for kind in type(refused).__mro__ if kind in STATUS)


@middleware
async def refusals(request: Request, handler: Handler) -> StreamResponse:
    """Answer whatever a handler raises. Of an unexpected fault the log gets class and place only (observability)."""
    try:
        return await handler(request)
    except Refused as refused:
        await _enter_refusal(request, refused)
        return await _answer(request, refused, status_of(refused), _headers(refused))
    except HTTPException as error:
        if error.status < HTTPStatus.BAD_REQUEST:
            raise
        return await _answer(request, _translated(error), error.status, _allowed(error))
    except Exception:
        log.exception("unexpected fault", extra={"method": request.method, "path": request.get(ROUTE, "-")})
        return await _answer(request, Failed(), 500, CIMultiDict())


async def _enter_refusal(request: Request, refused: Refused) -> None:
    """Leave an audit entry when a known person asked for what is not theirs."""
    if ACTOR in request and isinstance(refused, NotPermitted | NotFound):
        hook = request.app[SETTINGS].refusals
        await hook(request[ACTOR], refused.code, request.get(ROUTE, ""), request[REQUEST_ID])


async def _answer(
    request: Request, refused: Refused, status: int, headers: CIMultiDict[str]
) -> StreamResponse:
    if request.path.startswith("/fhir/"):
        return outcome(request, refused, status, headers)
    if request.path.startswith(("/api/", "/health/")):
        return problem(request, refused, status, headers)
    response = await _page(request, refused, status)
    response.headers.extend(headers)
    return response


async def _page(request: Request, refused: Refused, status: int) -> StreamResponse:
    """Send people to where they can help themselves: the form again, sign-in, a fresh code, or a sentence."""
    route = route_of(request)
    if route is not None and route.again is not None and not isinstance(refused, NotSignedIn | StepUpNeeded):
        request[REFUSED] = refused
        request[FILLED] = await _filled(request)
        response = await route.again(request)
        response.set_status(status)
        return response
    way = way_in(request, refused, request.get(STANDING))
    return way or problem_page(request, refused, status)


async def _filled(request: Request) -> dict[str, str]:
    posted = await request.post()
    return {name: value for name, value in posted.items() if isinstance(value, str) and name not in SECRETS}


def problem(request: Request, refused: Refused, status: int, headers: CIMultiDict[str]) -> Response:
    """Return problem details (RFC 9457) with our stable code and the request's id."""
    body: dict[str, Any] = {
        "type": f"urn:telehealth:problem:{refused.code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": refused.code,
        "detail": refused.detail,
        "request_id": request[REQUEST_ID],
    }
    if isinstance(refused, BadInput) and refused.problems:
        body["errors"] = [
            {"field": each.field, "code": each.code, "detail": each.detail} for each in refused.problems
        ]
    if isinstance(refused, errors.StaleVersion) and refused.current is not None:
        body["version"] = refused.current
    return json_response(body, status=status, headers=headers, content_type="application/problem+json")


def outcome(request: Request, refused: Refused, status: int, headers: CIMultiDict[str]) -> Response:
    """Return a FHIR OperationOutcome that names the request."""
    body = fhir_outcome(refused.code, refused.detail)
    body["issue"][0]["diagnostics"] = f"{refused.code} in request {request[REQUEST_ID]}"
    return json_response(body, status=status, headers=headers, content_type="application/fhir+json")


def _headers(refused: Refused) -> CIMultiDict[str]:
    if isinstance(refused, errors.TooMany | errors.Unavailable):
        return CIMultiDict({"Retry-After": str(refused.retry_after)})
    return CIMultiDict()


def _allowed(error: HTTPException) -> CIMultiDict[str]:
    allowed = error.headers.get("Allow")
    return CIMultiDict({"Allow": allowed} if allowed else {})


def _translated(error: HTTPException) -> Refused:
    """Return aiohttp's own refusals in our words; all unknown addresses look like things that are not there."""
    by_status: dict[int, type[Refused]] = {
        404: NotFound,
        405: NoSuchMethod,
        413: TooLarge,
        415: WrongMediaType,
    }
    return by_status.get(error.status, BadInput)()
