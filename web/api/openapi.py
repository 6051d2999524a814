"""/api/v1/openapi.json: the API described from the very table and shapes that serve it (OpenAPI 3.1)."""

import re
from collections.abc import Iterable
from typing import Any

from aiohttp.web import Request, Response, json_response

from telehealth.domain.appointment import ResourceKind
from web.keys import SETTINGS
from web.reading import schema, shape
from web.route import ROUTES, Access, Route
from web.schemas import answer_schema

PREFIX = "/api/v1"
RETRIABLE = frozenset(
    f"{PREFIX}/{path}"
    for path in (
        *("patients", "holds", "appointments", "series", "visits/{visit}/guests", "my/{visit}/guests"),
        *("queue", "queue/next", "queue/{walk_in}/send"),
    )
)
"""Writes that make something: Idempotency-Key answers their retries. Others are safe to repeat."""
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457 problem details; `code` is stable, `detail` is for people.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "request_id": {"type": "string"},
        "version": {"type": "integer", "description": "with stale-version: the present version, where known"},
        "missing": {
            "type": "array",
            "description": "with slot-taken: which parties of the visit are not free then, where known",
            "items": {"type": "string", "enum": sorted(ResourceKind)},
        },
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {name: {"type": "string"} for name in ("field", "code", "detail")},
                "required": ["field", "code", "detail"],
            },
        },
    },
    "required": ["type", "title", "status", "code", "detail", "request_id"],
}
SECURITY: dict[Access, list[dict[str, list[str]]]] = {
    Access.PUBLIC: [],
    Access.KNOWN: [],
    Access.PENDING: [{"staff": []}],
    Access.STAFF: [{"staff": []}],
    Access.VISITOR: [{"visitor": []}],
    Access.GUEST: [{"guest": []}],
}


async def show(request: Request) -> Response:
    """Show the description."""
    settings = request.app[SETTINGS]
    return json_response(document(request.app[ROUTES].values(), settings.public_url, secure=settings.secure))


def document(routes: Iterable[Route], public_url: str, *, secure: bool) -> dict[str, Any]:
    """Return the OpenAPI document of the routes below /api/v1."""
    parts: dict[str, Any] = {"Problem": PROBLEM}
    paths: dict[str, Any] = {}
    for route in routes:
        if route.path.startswith(f"{PREFIX}/"):
            paths.setdefault(route.path.removeprefix(PREFIX), {})[route.method.lower()] = _operation(
                route, parts
            )
    prefix = "__Host-" if secure else ""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Telehealth", "version": "1", "description": DESCRIPTION},
        "servers": [{"url": f"{public_url}{PREFIX}"}],
        "paths": paths,
        "components": {
            "schemas": parts,
            "securitySchemes": {
                "staff": {"type": "apiKey", "in": "cookie", "name": f"{prefix}staff"},
                "visitor": {"type": "apiKey", "in": "cookie", "name": f"{prefix}v-VISIT"},
                "guest": {"type": "apiKey", "in": "cookie", "name": f"{prefix}g-GUEST"},
            },
        },
    }


DESCRIPTION = (
    "Writes with a cookie carry X-CSRF-Token, as told by GET /session, GET /my/{visit} or "
    "GET /guests/{guest}. "
    "Instants are RFC 3339 with an offset. Unknown fields are refused."
)


def _operation(route: Route, parts: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "summary": route.summary,
        "operationId": f"{route.handler.__module__.rpartition('.')[2]}.{route.handler.__name__}",
        "security": SECURITY[route.access],
        "parameters": _parameters(route),
        "responses": {str(route.status): _success(route, parts), "default": _refusal()},
    }
    if route.body is not None:
        parts[route.body.__name__] = schema(route.body) | {
            "description": " ".join((route.body.__doc__ or "").split())
        }
        content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{route.body.__name__}"}}}
        found["requestBody"] = {"required": True, "content": content}
    return found


def _parameters(route: Route) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", route.path)
    ]
    for name, (reader, optional) in (shape(route.query) if route.query else {}).items():
        found.append({"name": name, "in": "query", "required": not optional, "schema": reader.schema()})
    if route.method != "GET" and route.csrf:
        found.append({"name": "X-CSRF-Token", "in": "header", "required": True, "schema": {"type": "string"}})
    if route.path in RETRIABLE and route.method == "POST":
        key = {"type": "string", "minLength": 8, "maxLength": 128}
        found.append({"name": "Idempotency-Key", "in": "header", "required": False, "schema": key})
    return found


def _success(route: Route, parts: dict[str, Any]) -> dict[str, Any]:
    if route.answer is None:
        return {"description": "Done."}
    content = {"application/json": {"schema": answer_schema(route.answer, parts)}}
    return {"description": "Done.", "content": content}


def _refusal() -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": "Refused; see `code`.", "content": content}
