"""The one place where refusals become answers: problem+json, OperationOutcome or a page."""

import logging
from http import HTTPStatus
from typing import Any

from aiohttp.web import HTTPException, Request, Response, StreamResponse, json_response, middleware
from multidict import CIMultiDict

from telehealth.domain import errors
from telehealth.domain.errors import BadInput, NotFound, NotPermitted, NotSignedIn, Refused, StepUpNeeded
from telehealth.domain.sentences import N_
from telehealth.fhir.outcome import outcome as fhir_outcome
from telehealth.services.programs import TOKEN_ENDPOINT
from web.body import Gone, TooLarge, TooSlow, Undecodable, WrongMediaType, posted
from web.gates import problem_page, way_in
from web.keys import ACTOR, FILLED, PASSED, REFUSED, REQUEST_ID, ROUTE, SETTINGS, STANDING
from web.route import Access, Handler, Route, route_of
from web.speech import told

log = logging.getLogger("web")

STATUS: dict[type[Refused], int] = {
    WrongMediaType: 415,
    TooLarge: 413,
    TooSlow: 408,
    Gone: 400,
    Undecodable: 400,
    BadInput: 422,
    NotSignedIn: 401,
    NotPermitted: 403,
    NotFound: 404,
    errors.WrongState: 409,
    errors.SlotTaken: 409,
    errors.StaleVersion: 412,
    errors.SeveralMatch: 412,
    errors.VersionNeeded: 428,
    errors.KeyReused: 422,
    errors.TooMany: 429,
    errors.Unavailable: 503,
    Refused: 400,
}
PROGRAMS = ("/api/", "/fhir/", "/health/", "/reports")
"""Below these nobody reads pages."""
BOOK = "/fhir/R4/Appointment/$book"
"""It answers a lost race with a Bundle of nothing but the outcome (IHE ITI-117)."""
OAUTH = {"scope": "invalid_scope", "grant_type": "unsupported_grant_type"}
"""Fields of a request for a token, by what OAuth calls their fault."""
SECRETS = frozenset({"password", "code", "token", "csrf", "new_password"})


class Failed(Refused):
    """Something broke on our side; the log has it under the request's id."""

    code = "unexpected"
    sentence = N_("Something went wrong on our side. Please try again.")


class NoSuchMethod(Refused):
    """The address exists, the method does not."""

    code = "method-not-allowed"
    sentence = N_("This address does not take that method.")


def status_of(refused: Refused) -> int:
    """Return the HTTP status of a refusal; malformed input without a field to blame is a 400."""
    if type(refused) is BadInput and not refused.problems:
        return HTTPStatus.BAD_REQUEST
    return next(STATUS[kind] for kind in type(refused).__mro__ if kind in STATUS)


@middleware
async def refusals(request: Request, handler: Handler) -> StreamResponse:
    """Answer whatever a handler raises. Of an unexpected fault the log gets class and place only."""
    try:
        return await _judged(request, handler)
    except HTTPException:
        raise
    except Exception as error:
        if isinstance(error, ConnectionResetError) and request.transport is None:
            return Response(status=HTTPStatus.BAD_REQUEST)  # whoever asked has hung up: nobody reads it
        log.exception("unexpected fault", extra={"method": request.method, "path": request.get(ROUTE, "-")})
        return _plain(request, Failed(), HTTPStatus.INTERNAL_SERVER_ERROR, CIMultiDict())


async def _judged(request: Request, handler: Handler) -> StreamResponse:
    """Answer the refusals that handlers and aiohttp itself give."""
    try:
        return await handler(request)
    except (Gone, TooSlow) as gone:  # asking for the rest of the body again would wait again
        return _plain(request, gone, status_of(gone), CIMultiDict())
    except Refused as refused:
        await _enter_refusal(request, refused)
        return await _answer(request, refused, status_of(refused), _headers(refused))
    except HTTPException as error:
        if error.status < HTTPStatus.BAD_REQUEST:
            raise
        return _plain(request, _translated(error), error.status, _allowed(error))


async def _enter_refusal(request: Request, refused: Refused) -> None:
    """Leave an audit entry when a known person asked for what is not theirs."""
    if ACTOR in request and isinstance(refused, NotPermitted | NotFound | errors.EnoughOpened):
        hook = request.app[SETTINGS].refusals
        await hook(request[ACTOR], refused, request.get(ROUTE, ""), request[REQUEST_ID])


async def _answer(
    request: Request, refused: Refused, status: int, headers: CIMultiDict[str]
) -> StreamResponse:
    """Answer pages with what helps on: the form again, sign-in or a fresh code; programs with the problem."""
    if not request.path.startswith(PROGRAMS):
        route = route_of(request)
        if PASSED in request and route is not None and route.again is not None and _helps(route, refused):
            return await _again(request, route.again, refused, status, headers)
        way = way_in(request, refused, request.get(STANDING))
        if way is not None:
            return way
    return _plain(request, refused, status, headers)


async def _again(
    request: Request, show: Handler, refused: Refused, status: int, headers: CIMultiDict[str]
) -> StreamResponse:
    """Show the form once more, saying why; the plain refusal where not even the form is for this person."""
    request[REFUSED] = refused
    request[FILLED] = await _filled(request)
    try:
        response = await show(request)
    except Refused:
        return _plain(request, refused, status, headers)
    response.set_status(status)
    response.headers.extend(headers)
    return response


def _plain(request: Request, refused: Refused, status: int, headers: CIMultiDict[str]) -> Response:
    """Return the refusal in the form of the door that was asked at."""
    if request.path == TOKEN_ENDPOINT:
        return oauth(request, refused, status, headers)
    if request.path.startswith("/fhir/"):
        return outcome(request, refused, status, headers)
    if request.path.startswith(PROGRAMS):
        return problem(request, refused, status, headers)
    response = problem_page(request, refused, status)
    response.headers.extend(headers)
    return response


def _helps(route: Route, refused: Refused) -> bool:
    """Whether the same form is the way on: not where somebody has to sign in or give a fresh code first."""
    return route.access is Access.PUBLIC or not isinstance(refused, NotSignedIn | StepUpNeeded)


async def _filled(request: Request) -> dict[str, str]:
    try:
        sent = request.query if request.method == "GET" else await posted(request)
    except BadInput:
        return {}
    return {name: value for name, value in sent.items() if name not in SECRETS}


def problem(request: Request, refused: Refused, status: int, headers: CIMultiDict[str]) -> Response:
    """Return problem details (RFC 9457) with our stable code, the request's id, and `detail` for the reader.

    Titles stay English: programs read them.
    """
    body: dict[str, Any] = {
        "type": f"urn:telehealth:problem:{refused.code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": refused.code,
        "detail": told(request, refused.detail),
        "request_id": request[REQUEST_ID],
    }
    if isinstance(refused, BadInput) and refused.problems:
        body["errors"] = [
            {"field": each.field, "code": each.code, "detail": told(request, each.detail)}
            for each in refused.problems
        ]
    if isinstance(refused, errors.StaleVersion) and refused.current is not None:
        body["version"] = refused.current
    if isinstance(refused, errors.SlotTaken) and refused.missing:
        body["missing"] = sorted(refused.missing)
    return json_response(body, status=status, headers=headers, content_type="application/problem+json")


def outcome(request: Request, refused: Refused, status: int, headers: CIMultiDict[str]) -> Response:
    """Return a FHIR OperationOutcome that names the request, and of bad input all elements at fault."""
    body = _told_as_fhir(request, refused)
    if request.path == BOOK and isinstance(refused, errors.SlotTaken):
        body = {"resourceType": "Bundle", "type": "searchset", "total": 0, "entry": [{"resource": body}]}
    return json_response(body, status=status, headers=headers, content_type="application/fhir+json")


def oauth(request: Request, refused: Refused, status: int, headers: CIMultiDict[str]) -> Response:
    """Return the refusal of a token as OAuth tells it (RFC 6749, 5.2)."""
    fields = {each.field for each in refused.problems} if isinstance(refused, BadInput) else set()
    error = "invalid_client" if isinstance(refused, NotSignedIn) else "invalid_request"
    error = next((word for field, word in OAUTH.items() if field in fields), error)
    body = {"error": error, "error_description": told(request, refused.detail)}
    bad = isinstance(refused, BadInput)
    return json_response(body, status=HTTPStatus.BAD_REQUEST if bad else status, headers=headers)


async def part_refused(request: Request, refused: Refused) -> tuple[int, dict[str, Any]]:
    """Return status and OperationOutcome of one of the things that a request asked for, and enter it."""
    await _enter_refusal(request, refused)
    return status_of(refused), _told_as_fhir(request, refused)


def _told_as_fhir(request: Request, refused: Refused) -> dict[str, Any]:
    return fhir_outcome(refused, f"{refused.code} in request {request[REQUEST_ID]}")


def _headers(refused: Refused) -> CIMultiDict[str]:
    if isinstance(refused, errors.TooMany | errors.Unavailable):
        return CIMultiDict({"Retry-After": str(refused.retry_after)})
    return CIMultiDict()


def _allowed(error: HTTPException) -> CIMultiDict[str]:
    allowed = error.headers.get("Allow")
    return CIMultiDict({"Allow": allowed} if allowed else {})


def _translated(error: HTTPException) -> Refused:
    """Return aiohttp's own refusals in our words; unknown addresses look like things that are not there."""
    by_status: dict[int, type[Refused]] = {
        404: NotFound,
        405: NoSuchMethod,
        413: TooLarge,
        415: WrongMediaType,
    }
    return by_status.get(error.status, BadInput)()
