"""The headers of every answer (security.md): what browsers may load, use, keep and tell others."""

from aiohttp.web import Request, StreamResponse

from web.keys import CAMERA, NONCE, REQUEST_ID, SETTINGS
from web.settings import WebSettings

POLICY_PARTS = (
    "default-src 'none'",
    "script-src 'nonce-{nonce}' 'strict-dynamic'",
    "style-src 'self' 'nonce-{nonce}'",
    "img-src 'self' blob: data:",
    "media-src 'self' blob: mediastream:",
    "connect-src 'self' {socket}",
    "font-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types app",
    "report-to csp",
)
POLICY = "; ".join(POLICY_PARTS)
CAPTURE = ("camera", "microphone", "display-capture", "speaker-selection", "fullscreen", "screen-wake-lock")
NEVER = ("geolocation", "payment", "usb")
FIXED = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
WINDOW = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
    "Reporting-Endpoints": 'csp="/reports"',
}
"""About the window that a page opens in: what is no page has none."""
NO_PAGE = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
"""What is no page may do nothing at all, and says so in few bytes: on slow lines heads outweigh data."""
DATA = frozenset({"application/json", "application/problem+json", "application/fhir+json"})
TRANSPORT = "max-age=63072000; includeSubDomains"
SERVER = "telehealth"
BARE = FIXED | WINDOW | NO_PAGE | {"Server": SERVER, "Cache-Control": "no-store"}
"""For answers that are given before there is a request to speak of."""


def permissions(*, camera: bool) -> str:
    """Return the Permissions-Policy: camera and microphone belong to the pages of a call only."""
    allowed = "(self)" if camera else "()"
    return ", ".join([f"{name}={allowed}" for name in CAPTURE] + [f"{name}=()" for name in NEVER])


def content_policy(settings: WebSettings, nonce: str) -> str:
    """Return the Content-Security-Policy of one answer."""
    return POLICY.format(nonce=nonce, socket=settings.socket_origin)


async def set_headers(request: Request, response: StreamResponse) -> None:
    """Put the headers on an answer that is about to leave; what a handler has set stays."""
    settings = request.app[SETTINGS]
    headers = response.headers
    for name, value in FIXED.items():
        headers.setdefault(name, value)
    headers["Server"] = SERVER
    page = WINDOW | {
        "Content-Security-Policy": content_policy(settings, request.get(NONCE, "")),
        "Permissions-Policy": permissions(camera=request.get(CAMERA, False)),
    }
    for name, value in (page if _is_page(response) else NO_PAGE).items():
        headers.setdefault(name, value)
    headers.setdefault("Cache-Control", "no-store")
    if settings.secure and not settings.dev_certificate:
        headers["Strict-Transport-Security"] = TRANSPORT
    if REQUEST_ID in request:
        headers["X-Request-Id"] = request[REQUEST_ID]


def _is_page(response: StreamResponse) -> bool:
    """Static files have said already that they are none."""
    return response.content_type not in DATA and "Content-Security-Policy" not in response.headers
