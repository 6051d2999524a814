"""Which content coding a browser takes (RFC 9110 section 12.5.3)."""

from collections.abc import Container

from aiohttp.web import Request

PREFERRED = ("br", "gzip")


def accepted(header: str) -> set[str]:
    """Return the codings that an Accept-Encoding header allows, those with `q=0` left out."""
    found = set()
    for part in header.lower().split(","):
        coding, _, parameter = part.strip().partition(";")
        quality = parameter.strip().removeprefix("q=").strip()
        if coding and quality not in {"0", "0.0", "0.00", "0.000"}:
            found.add(coding.strip())
    return found


def best_coding(request: Request, available: Container[str]) -> str:
    """Return the smallest coding that both sides know, else `identity`."""
    wanted = accepted(request.headers.get("Accept-Encoding", ""))
    return next((coding for coding in PREFERRED if coding in available and coding in wanted), "identity")
