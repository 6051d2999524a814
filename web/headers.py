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
    "trusted-types app seal",
    "report-to csp",
)
POLICY = "; ".join(POLICY_PARTS)
CAPTURE = ("camera", "microphone", "display-capture", "speaker-selection", "fullscreen", "screen-wake-lock")
NEVER = ("geolocation", "payment", "usb")
FIXED = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Origin-Agent-Cluster": "?1",
    "X-Robots-Tag": "noindex, nofollow",
    "Reporting-Endpoints": 'csp="/reports"',
}
NO_PAGE = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
"""What is no page may do nothing at all, and says so in few bytes: on slow lines heads outweigh data."""
DATA = frozenset({"application/json", "application/problem+json", "application/fhir+json"})
IMMUTABLE = "public, max-age=31536000, immutable"
"""For files named by what is in them; no id of a request, a copy would outlive what it names."""
TRANSPORT = "max-age=63072000; includeSubDomains"
SERVER = "telehealth"
BARE = FIXED | NO_PAGE | {"Server": SERVER, "Cache-Control": "no-store"}
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
    page = {
        "Content-Security-Policy": content_policy(settings, request.get(NONCE, "")),
        "Permissions-Policy": permissions(camera=request.get(CAMERA, False)),
    }
    for name, value in (NO_PAGE if response.content_type in DATA else page).items():
        headers.setdefault(name, value)
    headers.setdefault("Cache-Control", "no-store")
    if settings.secure and not settings.dev_certificate:
        headers["Strict-Transport-Security"] = TRANSPORT
    if REQUEST_ID in request and headers["Cache-Control"] != IMMUTABLE:
        headers["X-Request-Id"] = request[REQUEST_ID]
