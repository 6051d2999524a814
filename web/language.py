"""Which language a page speaks: the query's, else the cookie's, else the browser's first that is offered."""

from collections.abc import Sequence

from aiohttp.web import Request, StreamResponse
from babel import Locale, UnknownLocaleError

from web.keys import SETTINGS

COOKIE = "lang"
LIFE = 365 * 24 * 3600
"""Seconds that a browser keeps the language."""
RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
COMMAS = {"am": "፣ ", "ar": "، "}
COLONS = {"am": "፦ ", "fr": "\u00a0: "}
HEADER_LIMIT = 200
"""Characters of Accept-Language that are looked at."""


def direction(language: str) -> str:
    """Return `rtl` or `ltr`."""
    return "rtl" if language.partition("-")[0] in RIGHT_TO_LEFT else "ltr"


def comma(language: str) -> str:
    """Return what a language writes between the parts of a list, with the space after it."""
    return COMMAS.get(language.partition("-")[0], ", ")


def colon(language: str) -> str:
    """Return what a language writes between a label and what it names, with the space after it."""
    return COLONS.get(language.partition("-")[0], ": ")


def own_name(language: str) -> str:
    """Return a language's name in itself, such as `español`; its tag where no name is known."""
    try:
        return Locale.parse(language, sep="-").get_display_name() or language
    except (ValueError, UnknownLocaleError):
        return language


def name_in(reader: str, language: str) -> str:
    """Return a language's name as `reader` says it, such as `inglés`; its tag where no name is known."""
    try:
        return Locale.parse(language, sep="-").get_display_name(reader.replace("-", "_")) or language
    except (ValueError, UnknownLocaleError):
        return language


def match(wanted: str, offered: Sequence[str]) -> str:
    """Return the offered language that `wanted` (such as `es-MX`) means, or an empty text."""
    tag = wanted.strip().replace("_", "-").lower()
    by_tag = {language.lower(): language for language in offered}
    return by_tag.get(tag) or by_tag.get(tag.partition("-")[0], "")


def preferences(header: str) -> list[str]:
    """Return the tags of an Accept-Language header, most wanted first."""
    found = []
    for part in header[:HEADER_LIMIT].split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            found.append((float(quality or "1"), tag.strip()))
        except ValueError:
            continue
    return [tag for quality, tag in sorted(found, key=lambda pair: -pair[0]) if tag and quality > 0]


def choose(request: Request, offered: Sequence[str]) -> str:
    """Return the language of the answer to `request`; always one of those offered."""
    wishes = [request.query.get("lang", ""), request.cookies.get(COOKIE, "")]
    wishes += preferences(request.headers.get("Accept-Language", ""))
    return next((found for wish in wishes if wish and (found := match(wish, offered))), offered[0])


def remember(request: Request, response: StreamResponse) -> None:
    """Keep the language that a link on the page asked for, a year long."""
    wish = request.query.get("lang", "")
    found = match(wish, request.app[SETTINGS].languages) if wish else ""
    if found and found != request.cookies.get(COOKIE):
        secure = request.app[SETTINGS].secure or None
        response.set_cookie(COOKIE, found, max_age=LIFE, secure=secure, httponly=True, samesite="Lax")
