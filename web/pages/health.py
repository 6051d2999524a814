"""Whether the process lives and can serve; and what browsers report of the content security policy."""

import json
import logging
import re

from aiohttp.web import Request, Response, json_response

from web.body import whole
from web.keys import SETTINGS

log = logging.getLogger("web")

LONGEST_REPORT = 16 * 1024
"""Bytes of a report that are read."""
MOST_REPORTS = 20
DIRECTIVE = re.compile(r"[a-z-]{1,40}")


async def live(_request: Request) -> Response:
    """Say that the process runs."""
    return json_response({"status": "live"})


async def ready(request: Request) -> Response:
    """Say whether it can serve, and what is in trouble all the same; else why not."""
    reasons = await request.app[SETTINGS].reasons()
    if reasons:
        return json_response(
            {"status": "not-ready", "reasons": reasons}, status=503, headers={"Retry-After": "5"}
        )
    warnings = request.app[SETTINGS].warnings()
    return json_response({"status": "ready", "reasons": []} | ({"warnings": warnings} if warnings else {}))


async def reports(request: Request) -> Response:
    """Take reports on the policy; only the names of broken directives are kept, no address."""
    raw = await whole(request)
    for directive in directives(raw[:LONGEST_REPORT]):
        log.warning("content policy broken", extra={"reason": directive})
    return Response(status=204)


def directives(raw: bytes) -> set[str]:
    """Return the directives that a body of the Reporting API names."""
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return set()
    reported = found[:MOST_REPORTS] if isinstance(found, list) else []
    bodies = [each.get("body") for each in reported if isinstance(each, dict)]
    names = [body.get("effectiveDirective") for body in bodies if isinstance(body, dict)]
    return {name for name in names if isinstance(name, str) and DIRECTIVE.fullmatch(name)}
