"""The files that the client build wrote: found by manifest, compressed beforehand, cached for ever."""

import json
import mimetypes
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp.web import AppKey, Request, Response
from markupsafe import Markup

from telehealth.domain.errors import NotFound
from web.headers import IMMUTABLE, NO_PAGE
from web.negotiation import best_coding

SUFFIX = {"br": ".br", "gzip": ".gz"}
TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}
SYMBOL = re.compile(r'<symbol id="([^"]+)".*?</symbol>', re.DOTALL)
PRIVATE = frozenset({"manifest.json", "preload.json"})
"""Files of the build that are for the server, not for browsers."""


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file with its compressed twins by content coding; `identity` is the file itself."""

    type: str
    codings: dict[str, bytes]


class Statics:
    """Every static file in memory (some hundred kilobytes), read once at the start."""

    def __init__(self, folder: Path) -> None:
        self.manifest: dict[str, str] = _json(folder / "manifest.json")
        self.preload: dict[str, list[str]] = _json(folder / "preload.json")
        self._files = {path.name: _load(path) for path in sorted(folder.glob("*")) if _public(path)}

    def url(self, name: str) -> str:
        """Return the address of the built file `name`, such as `clinic.js`."""
        return f"/static/{self.manifest.get(name, name)}"

    def preloads(self, name: str) -> list[str]:
        """Return the addresses of the chunks that the module `name` needs at once."""
        return [f"/static/{chunk}" for chunk in self.preload.get(name, [])]

    def inline(self, name: str) -> Markup:
        """Return the text of the built file `name`, trusted as our own markup; empty when there is none."""
        file = self._files.get(self.manifest.get(name, name))
        text = file.codings["identity"].decode() if file else ""
        return Markup(text)  # noqa: S704 (our own build wrote it)

    def icons(self, names: Collection[str], *, others: bool = False) -> Markup:
        """Return a sprite of the icons named, or of all others; for pages that carry it inside."""
        found = SYMBOL.finditer(self.inline("icons.svg"))
        symbols = [each[0] for each in found if (each[1] in names) is not others]
        return Markup(f"<svg>{''.join(symbols)}</svg>")  # noqa: S704 (our own build wrote it)

    def find(self, name: str) -> StaticFile:
        """Return a file by its hashed name; raise NotFound."""
        found = self._files.get(name)
        if found is None:
            raise NotFound
        return found


STATICS = AppKey("statics", Statics)


async def show(request: Request) -> Response:
    """Answer a static file in the best coding that the browser takes."""
    file = request.app[STATICS].find(request.match_info["name"])
    coding = best_coding(request, file.codings)
    headers = NO_PAGE | {"Cache-Control": IMMUTABLE, "Vary": "Accept-Encoding"}
    if coding != "identity":
        headers["Content-Encoding"] = coding
    return Response(body=file.codings[coding], content_type=file.type, headers=headers)


async def worker(request: Request) -> Response:
    """Answer the patient's service worker under a lasting name; it may look after /v and all below."""
    statics = request.app[STATICS]
    file = statics.find(statics.manifest.get("worker.js", ""))
    headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": "/v"}
    return Response(body=file.codings["identity"], content_type=file.type, headers=headers)


def _public(path: Path) -> bool:
    twin = path.suffix in SUFFIX.values()
    return path.is_file() and not twin and path.name not in PRIVATE and not path.name.startswith(".")


def _load(path: Path) -> StaticFile:
    kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    codings = {"identity": path.read_bytes()}
    for coding, suffix in SUFFIX.items():
        twin = path.with_name(path.name + suffix)
        if twin.is_file():
            codings[coding] = twin.read_bytes()
    return StaticFile(kind, codings)


def _json(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text()) if path.is_file() else {}
