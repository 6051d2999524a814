"""The only place where a request's body is taken off the line: plain, within a time, and refused in words.

What a stranger sends can be cut, stalled, packed, or not be the form that it claims to be; none of this is a
fault of ours, so none of it may look like one.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp.web import Request, RequestPayloadError
from multidict import MultiDict, MultiDictProxy

from telehealth.domain.errors import BadInput
from telehealth.domain.sentences import N_

log = logging.getLogger("web")

FORM = "application/x-www-form-urlencoded"
PLAIN = frozenset({"", "identity"})
CHARSETS = frozenset({"utf-8", "utf8", "us-ascii"})
WITHIN = 20.0
"""Seconds for a whole body; the largest is 1 MiB."""
LARGEST_FORM = 64 * 1024
"""Bytes of a form: the longest wording of a message in a script of three bytes a letter stays below."""
MOST_FIELDS = 500
"""Fields of a form. Taking a mebibyte of `a&a&` apart holds up everybody else for a second."""


class WrongMediaType(BadInput):
    """The body is not JSON."""

    code = "unsupported-media-type"
    sentence = N_("Send JSON with the header Content-Type: application/json.")


class TooLarge(BadInput):
    """The body is longer than anything this door reads."""

    code = "too-large"
    sentence = N_("This is too long to be read.")


class TooSlow(BadInput):
    """The body did not arrive in time."""

    code = "too-slow"
    sentence = N_("This took too long to arrive. Please try again.")


class Undecodable(BadInput):
    """The body is not what its headers say."""

    sentence = N_("What was sent cannot be read.")


class Gone(BadInput):
    """Whoever was sending has hung up; nobody will read the answer."""

    sentence = N_("The connection was closed before everything had arrived.")


def refuse_packed(request: Request) -> None:
    """Refuse a packed body: nothing here needs one, and a small one can unpack to any size."""
    if request.headers.get("Content-Encoding", "").strip().lower() not in PLAIN:
        raise WrongMediaType(detail="Send the body without a Content-Encoding.")


async def whole(request: Request, within: float | None = None) -> bytes:
    """Return the whole body, kept for the next who asks; `within` where it may take longer than others."""
    async with _taking(request, within):
        return await request.read()


async def posted(request: Request) -> MultiDictProxy[str]:
    """Return the fields of a posted form; none where the body is no form. Files are not taken."""
    if request.content_type == "multipart/form-data":
        raise WrongMediaType(detail=f"Send the form as {FORM}.")
    if request.content_type == FORM and (request.charset or "utf-8").lower() not in CHARSETS:
        raise WrongMediaType(detail="Send the form in UTF-8.")
    if request.content_type == FORM:
        await _refuse_endless(request)
    async with _taking(request):
        fields = (await request.post()).items()
    return MultiDictProxy(MultiDict((name, value) for name, value in fields if isinstance(value, str)))


async def _refuse_endless(request: Request) -> None:
    """Refuse a form that nobody fills in by hand, before it is taken apart."""
    if (request.content_length or 0) > LARGEST_FORM:
        raise TooLarge
    raw = await whole(request)
    if len(raw) > LARGEST_FORM or raw.count(b"&") >= MOST_FIELDS:
        raise TooLarge


@asynccontextmanager
async def _taking(request: Request, within: float | None = None) -> AsyncIterator[None]:
    """Turn whatever goes wrong while a body arrives into a refusal."""
    try:
        async with asyncio.timeout(WITHIN if within is None else within):
            yield
    except TimeoutError as error:
        raise TooSlow from error
    except ConnectionError as error:
        log.debug("hung up while sending", extra={"method": request.method})
        raise Gone from error
    except (ValueError, LookupError, RuntimeError, RequestPayloadError) as error:
        raise Undecodable from error
