"""Whether a write comes from our own pages: Origin and Sec-Fetch-Site, and a token that only they can read.

The token is bound to the session and masked anew in every response, so that compressing a page tells nothing
about it (BREACH).
"""

from aiohttp.web import Request

from telehealth.crypto.tokens import TOKEN_BYTES, csrf, csrf_fits, mask
from telehealth.domain.errors import NotPermitted
from telehealth.domain.sentences import N_
from web.body import FORM, posted
from web.keys import SESSION_ID, SETTINGS

HEADER = "X-CSRF-Token"
FIELD = "csrf"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class CrossSite(NotPermitted):
    """The write does not come from a page of ours."""

    code = "cross-site"
    sentence = N_("This page has been open for too long. Please reload it and try again.")


def token_for(request: Request) -> str:
    """Return a freshly masked token for this request's session; empty when there is no session."""
    session_id = request.get(SESSION_ID, "")
    if not session_id:
        return ""
    settings = request.app[SETTINGS]
    return mask(csrf(settings.csrf_secret, session_id), settings.chance.token(TOKEN_BYTES))


def check_origin(request: Request) -> None:
    """Refuse a write that a browser says comes from elsewhere; other clients send neither header."""
    own = request.app[SETTINGS].origin
    if any(origin != own for origin in request.headers.getall("Origin", ())):
        raise CrossSite
    if any(site != "same-origin" for site in request.headers.getall("Sec-Fetch-Site", ())):
        raise CrossSite


def vouches(request: Request, session_id: str) -> bool:
    """Whether the header holds the token of this session, for doors that are mounted beside the table."""
    return csrf_fits(request.app[SETTINGS].csrf_secret, session_id, request.headers.get(HEADER, ""))


async def check_token(request: Request) -> None:
    """Refuse a write whose token, in its header or its form's hidden field, is not the session's."""
    sent = request.headers.get(HEADER)
    if sent is None and request.content_type == FORM:
        sent = (await posted(request)).get(FIELD, "")
    if not csrf_fits(request.app[SETTINGS].csrf_secret, request[SESSION_ID], sent or ""):
        raise CrossSite
