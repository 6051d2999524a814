"""What people see instead of the page they asked for: the way in, or a sentence that says what happened."""

from urllib.parse import quote

from aiohttp.web import HTTPSeeOther, Request, Response, StreamResponse

from telehealth.domain.accounts import SessionStage
from telehealth.domain.errors import NotSignedIn, Refused, StepUpNeeded
from telehealth.services.sessions import Standing
from web.render import page
from web.speech import told

GUESTS, BOOKING = "/g", "/s/"
LINKS = ("/v", GUESTS, BOOKING)
"""Below these come people who have no account: by a link, or to book."""
GATES = {SessionStage.PASSWORD: "/sign-in/code", SessionStage.LOCKED: "/unlock"}


def see(location: str) -> Response:
    """Return the answer that sends a browser on with GET (Post/Redirect/Get)."""
    return Response(status=HTTPSeeOther.status_code, headers={"Location": location})


def onward(request: Request, fallback: str) -> str:
    """Return where to go after a gate: the local address in `next`, never another site."""
    wanted = request.query.get("next", "")
    local = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted
    clean = local and wanted.isascii() and wanted.isprintable()
    return wanted if clean else fallback


def way_in(request: Request, refused: Refused, standing: Standing | None) -> StreamResponse | None:
    """Return the way to the gate that is missing: sign-in, code, unlock, fresh code; None when none helps."""
    if isinstance(refused, StepUpNeeded):
        gate = "/step-up"
    elif isinstance(refused, NotSignedIn) and not request.path.startswith(LINKS):
        gate = GATES.get(standing.session.stage, "/sign-in") if standing is not None else "/sign-in"
    else:
        return None
    if request.path == gate:
        return None
    asked = request.method in {"GET", "HEAD"} and request.path not in {"/", *GATES.values()}
    return see(with_next(gate, request.path if asked else onward(request, "")))


def with_next(gate: str, wanted: str) -> str:
    """Return the address of a gate that leads on to `wanted`."""
    return f"{gate}?next={quote(wanted)}" if wanted else gate


def problem_page(request: Request, refused: Refused, status: int) -> Response:
    """Return a page with the refusal's sentence and a way back."""
    path = request.path
    template = "patient/problem.html" if path.startswith(LINKS) else "staff/problem.html"
    facts = {
        "code": refused.code,
        "of_guest": path.startswith(GUESTS),
        "of_booking": path.startswith(BOOKING),
    }
    return page(request, template, status=status, sentence=told(request, refused.detail), **facts)
