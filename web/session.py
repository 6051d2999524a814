"""Cookies: staff sessions and marks of who signed in here, visits of patients and guests, bookings."""

from aiohttp.web import Request, StreamResponse

from telehealth.services.browsers import Held
from telehealth.services.session_keeping import Opened
from web.keys import SETTINGS

STAFF_LIFE = 12 * 3600
"""Seconds; the server ends sessions earlier by its own rules."""
BROWSER_LIFE = 90 * 24 * 3600
"""Seconds; whoever has not signed in here for as long shares the tries of strangers once more."""
MOST_MARKS = 20
"""Accounts of whom a shared computer holds a mark: together far below what one request may carry."""
VISIT_LIFE = 4 * 24 * 3600
"""Seconds; the server refuses the cookie as soon as the visit is closed for good."""
OWN_LIFE = 24 * 3600
"""Seconds; what was told is deleted after as long."""
WISH_LIFE = 92 * 24 * 3600
"""Seconds; as long as a wish is kept."""
TOKEN_LIMIT = 128


def cookie_name(request: Request, name: str) -> str:
    """Return the cookie's name: `__Host-` where browsers reach us over https.

    On plain http (this machine only) some browsers and most other clients drop Secure cookies.
    """
    return f"__Host-{name}" if request.app[SETTINGS].secure else name


def staff_token(request: Request) -> str:
    """Return the staff cookie's value, or an empty text."""
    return _value(request, "staff")


def bearer(request: Request) -> str:
    """Return the token that a program sends (RFC 6750), or an empty text."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip()[: TOKEN_LIMIT + 1] if scheme.lower() == "bearer" else ""


def marks(request: Request) -> Held:
    """Return how to ask for the mark that this browser holds of an account whose owner has signed in here."""
    return lambda account_id: _value(request, f"m-{account_id}")


def visit_token(request: Request, visit_id: str) -> str:
    """Return the value of one visit's cookie, or an empty text."""
    return _value(request, f"v-{visit_id}")


def visit_tokens(request: Request) -> Held:
    """Return how to ask for the cookie that this browser holds for a visit."""
    return lambda visit_id: visit_token(request, visit_id)


def guest_token(request: Request, guest_id: str) -> str:
    """Return the value of one guest's cookie, or an empty text."""
    return _value(request, f"g-{guest_id}")


def guest_tokens(request: Request) -> Held:
    """Return how to ask for the cookie that this browser holds as a guest."""
    return lambda guest_id: guest_token(request, guest_id)


def own_token(request: Request) -> str:
    """Return the value of the cookie of whoever books by themselves, or an empty text."""
    return _value(request, "own")


def choice_token(request: Request, choice_id: str) -> str:
    """Return the token of an invitation that this browser has opened, or an empty text."""
    return _value(request, f"c-{choice_id}")


def wish_token(request: Request, service_id: str) -> str:
    """Return the value of the cookie of whoever left a wish for a service, or an empty text."""
    return _value(request, f"w-{service_id}")


def _value(request: Request, name: str) -> str:
    value = request.cookies.get(cookie_name(request, name), "")
    return value if len(value) <= TOKEN_LIMIT else ""


def remember_staff(request: Request, response: StreamResponse, token: str) -> None:
    """Hand the staff session to the browser; only pages of ours ever send it back."""
    _set(request, response, "staff", token, STAFF_LIFE, "Strict")


def remember_mark(request: Request, response: StreamResponse, opened: Opened) -> None:
    """Hand the browser the mark of whoever has just signed in; where it holds too many, all others go."""
    own, held = f"m-{opened.session.account_id}", [name.removeprefix("__Host-") for name in request.cookies]
    others = [name for name in held if name.startswith("m-") and name != own]
    for name in others if len(others) >= MOST_MARKS else ():
        _forget(request, response, name, "Strict")
    _set(request, response, own, opened.mark, BROWSER_LIFE, "Strict")


def remember_visit(request: Request, response: StreamResponse, visit_id: str, token: str) -> None:
    """Hand one visit's session to the patient's browser; Lax, for links in messages lead to it."""
    _set(request, response, f"v-{visit_id}", token, VISIT_LIFE, "Lax")


def remember_guest(request: Request, response: StreamResponse, guest_id: str, token: str) -> None:
    """Hand a guest's session to their browser; Lax, for links in messages lead to it."""
    _set(request, response, f"g-{guest_id}", token, VISIT_LIFE, "Lax")


def remember_own(request: Request, response: StreamResponse, token: str) -> None:
    """Hand the way of a booking to the browser that began it."""
    _set(request, response, "own", token, OWN_LIFE, "Lax")


def remember_choice(request: Request, response: StreamResponse, choice_id: str, token: str) -> None:
    """Hand the token of an invitation's link to the browser that opened it; a day later it is asked again."""
    _set(request, response, f"c-{choice_id}", token, OWN_LIFE, "Lax")


def remember_wish(request: Request, response: StreamResponse, service_id: str, token: str) -> None:
    """Hand a wish to the browser that left it, as long as it is kept."""
    _set(request, response, f"w-{service_id}", token, WISH_LIFE, "Lax")


def _set(request: Request, response: StreamResponse, name: str, token: str, life: int, site: str) -> None:
    response.set_cookie(
        cookie_name(request, name),
        token,
        max_age=life,
        path="/",
        secure=request.app[SETTINGS].secure or None,
        httponly=True,
        samesite=site,
    )


def forget_staff(request: Request, response: StreamResponse) -> None:
    """Take the staff session from the browser, with what it cached of it."""
    _forget(request, response, "staff", "Strict")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'


def forget_visit(request: Request, response: StreamResponse, visit_id: str) -> None:
    """Take one visit's session from the patient's browser."""
    _forget(request, response, f"v-{visit_id}", "Lax")


def _forget(request: Request, response: StreamResponse, name: str, site: str) -> None:
    secure = request.app[SETTINGS].secure or None
    response.del_cookie(cookie_name(request, name), path="/", secure=secure, httponly=True, samesite=site)
