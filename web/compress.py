"""Compresses dynamic answers above half a kilobyte: on slow lines this decides over seconds."""

import gzip
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from aiohttp.web import Request, Response, StreamResponse

from web.negotiation import best_coding

SMALLEST = 512
"""Bytes; below this, compressing saves little. A patient's first look at a link has more in some scripts."""
LARGEST = 512 * 1024
"""Bytes; above this it would hold up the event loop."""
TEXTS = ("text/html", "application/json", "application/problem+json", "application/fhir+json", "text/plain")


def codings() -> dict[str, Callable[[bytes], bytes]]:
    """Return the compressors at hand; brotli only where its package is installed."""
    found: dict[str, Callable[[bytes], bytes]] = {"gzip": lambda body: gzip.compress(body, 5, mtime=0)}
    if find_spec("brotli") is not None:
        brotli = import_module("brotli")
        found["br"] = lambda body: brotli.compress(body, mode=brotli.MODE_TEXT, quality=5)
    return found


CODINGS = codings()


def compress(request: Request, response: StreamResponse) -> None:
    """Compress the body in place where the browser takes it and it pays."""
    if not isinstance(response, Response) or response.content_type not in TEXTS or response.prepared:
        return
    body = response.body
    if not isinstance(body, bytes) or not SMALLEST <= len(body) <= LARGEST:
        return
    response.headers["Vary"] = "Accept-Encoding"
    coding = best_coding(request, CODINGS)
    if coding != "identity":
        response.body = CODINGS[coding](body)
        response.headers["Content-Encoding"] = coding
