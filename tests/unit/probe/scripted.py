"""A server that answers by script: what a probe meets when the service does something else than it should."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp.test_utils import TestServer
from aiohttp.web import Application, Request, Response, json_response

from telehealth.probe.http import Caller


@dataclass
class Script:
    """`answers`: by method and path, the (status, body) of one request after the other; the last stays."""

    answers: dict[str, list[tuple[int, Any]]]
    asked: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)

    async def answer(self, request: Request) -> Response:
        key = f"{request.method} {request.path}"
        body = await request.json() if request.can_read_body else dict(request.query)
        self.asked.append((key, dict(request.headers), body))
        lines = self.answers.get(key, [(404, problem("not-found", "There is nothing here."))])
        status, told = lines.pop(0) if len(lines) > 1 else lines[0]
        return json_response(told, status=status) if told is not None else Response(status=status)

    def bodies(self, key: str) -> Sequence[Any]:
        return [body for name, _, body in self.asked if name == key]


def problem(code: str, detail: str, *fields: str) -> dict[str, Any]:
    return {"code": code, "detail": detail, "errors": [{"field": "x", "code": each} for each in fields]}


@asynccontextmanager
async def scripted(answers: dict[str, list[tuple[int, Any]]]) -> AsyncIterator[tuple[Caller, Script]]:
    script = Script(answers)
    app = Application()
    app.router.add_route("*", "/{rest:.*}", script.answer)
    async with TestServer(app) as server, Caller(str(server.make_url("")).rstrip("/")) as caller:
        yield caller, script
