"""What handlers take from a request besides its body: who asks, the services, ids in the address, retries."""

import re
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from aiohttp.web import Request

from telehealth.domain.access import Actor
from telehealth.domain.errors import BadInput, FieldProblem, NotFound
from telehealth.services.trail import Once
from web.body import FORM, posted, whole
from web.keys import ACTOR, LANGUAGE, SERVICES, SETTINGS, Services
from web.language import comma
from web.zones import zone_of

IDENTIFIER = re.compile(r"[A-Za-z0-9.-]{1,64}", re.ASCII)
KEY = re.compile(r"[\x21-\x7e]{8,128}", re.ASCII)
KEY_HEADER = "Idempotency-Key"
KEY_FIELD = "once"


@dataclass(frozen=True, slots=True)
class Reader:
    """The day on which somebody reads, and what their language writes between the parts of a list."""

    today: date
    comma: str


def actor(request: Request) -> Actor:
    """Return who asks; the guard has made sure of somebody."""
    return request[ACTOR]


def services(request: Request) -> Services:
    """Return the use cases."""
    return request.app[SERVICES]


def identifier(request: Request, part: str) -> str:
    """Return an id from the address; what cannot be one does not exist."""
    text = request.match_info[part]
    if not IDENTIFIER.fullmatch(text):
        raise NotFound
    return text


def today(request: Request, zone: str = "UTC") -> date:
    """Return the present day in `zone`."""
    return request.app[SETTINGS].clock.now().astimezone(zone_of(zone)).date()


def reader(request: Request) -> Reader:
    """Return what an answer's words depend on."""
    return Reader(today(request), comma(request[LANGUAGE]))


def new_key(request: Request) -> str:
    """Return a fresh idempotency key for a form's hidden field."""
    return request.app[SETTINGS].chance.token(16).hex()


def proper_key(key: str) -> str:
    """Return an idempotency key that was sent; raises BadInput for what is none: it is kept as it is."""
    if not KEY.fullmatch(key):
        raise BadInput(FieldProblem(KEY_HEADER, "malformed", "Use 8 to 128 visible characters."))
    return key


async def once(request: Request) -> Once | None:
    """Return the retry guard of a write from its Idempotency-Key header or its form's hidden field."""
    key = request.headers.get(KEY_HEADER, "")
    if not key and request.content_type == FORM:
        key = (await posted(request)).get(KEY_FIELD, "")
    if not key:
        return None
    return Once(client=actor(request).id, key=proper_key(key), request_hash=await _fingerprint(request))


async def _fingerprint(request: Request) -> bytes:
    """Hash method, path and content; a form without its masked token, which differs in every page."""
    total = sha256(f"{request.method} {request.path}\n".encode())
    if request.content_type == FORM:
        for name, value in (await posted(request)).items():
            if name != "csrf":
                total.update(f"{len(name)}:{name}={len(value)}:{value}\n".encode())
    else:
        total.update(await whole(request))
    return total.digest()
