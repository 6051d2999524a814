"""One person's way to the server over HTTP: own cookies, the token for writes, refusals as trouble."""

import asyncio
import ssl
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.cookies import SimpleCookie
from types import TracebackType
from typing import Any, Self

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, CookieJar, TCPConnector
from yarl import URL

from telehealth.probe.answer import Answer
from telehealth.probe.trouble import ServerRefused, Trouble

OPEN_ENDED = ClientTimeout(total=None, sock_connect=10, sock_read=30)
"""Steps have their own limits; this one ends what hangs outside of a step."""
TIDY_SECONDS = 10


class Caller:
    """A browser's worth of client. `csrf` goes with every write once it is known."""

    def __init__(self, base_url: str, tls: ssl.SSLContext | None = None) -> None:
        self.base_url = base_url
        self._url = URL(base_url)
        self.tls = tls
        self.csrf = ""
        self.server_time: datetime | None = None
        # unsafe: cookies of addresses such as 127.0.0.1 are kept too.
        self.session = ClientSession(
            cookie_jar=CookieJar(unsafe=True),
            connector=TCPConnector(ssl=tls if tls is not None else True),
            timeout=OPEN_ENDED,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.session.close()

    async def get(self, path: str, query: Mapping[str, str] | None = None) -> Answer:
        """Read what stands at `path`, which begins with a slash."""
        return await self._call("GET", path, query=query)

    async def post(self, path: str, body: object = None, *, once: str = "") -> Answer:
        """Write; `once` is the Idempotency-Key."""
        return await self._call("POST", path, body=body, once=once)

    async def put(self, path: str, body: object) -> Answer:
        """Write over."""
        return await self._call("PUT", path, body=body)

    async def delete(self, path: str) -> Answer:
        """Remove."""
        return await self._call("DELETE", path)

    async def still_opens(self, path: str, forgotten: SimpleCookie) -> bool:
        """Whether `path` answers somebody who kept cookies that the server asked to forget."""
        self.session.cookie_jar.update_cookies(forgotten, self._url)
        try:
            await self.get(path)
        except ServerRefused as refused:
            if refused.status == HTTPStatus.UNAUTHORIZED:
                return False
            raise
        return True

    def cookies(self) -> SimpleCookie:
        """Return what a request would carry now."""
        return SimpleCookie(self.session.cookie_jar.filter_cookies(self._url))

    async def quietly(self, method: str, path: str) -> None:
        """Do one thing on the way out of a failure; the failure itself is what is told."""
        with suppress(Trouble, ClientError, OSError, TimeoutError):
            async with asyncio.timeout(TIDY_SECONDS):
                await self._call(method, path)

    async def _call(
        self,
        method: str,
        path: str,
        *,
        body: object = None,
        query: Mapping[str, str] | None = None,
        once: str = "",
    ) -> Answer:
        headers = {"Accept": "application/json, application/fhir+json"}
        if method != "GET" and self.csrf:
            headers["X-CSRF-Token"] = self.csrf
        if once:
            headers["Idempotency-Key"] = once
        async with self.session.request(
            method,
            self.base_url + path,
            json=body,
            params=query,
            headers=headers,
            allow_redirects=False,
        ) as response:
            self.server_time = _date(response) or self.server_time
            return Answer(await _read(response), f"{method} {path}")


def _date(response: ClientResponse) -> datetime | None:
    """Return the server's time of an answer, if it tells any."""
    try:
        return parsedate_to_datetime(response.headers.get("Date", ""))
    except ValueError:
        return None


async def _read(response: ClientResponse) -> Any:
    """Return the JSON of an answer; raise ServerRefused for a problem, Trouble for what is no JSON."""
    raw = await response.read()
    try:
        told = await response.json(content_type=None) if raw else None
    except ValueError:
        told = None
        if response.status < HTTPStatus.BAD_REQUEST:
            raise Trouble(f"{response.method} {response.url.path} answered no JSON") from None
    if response.status < HTTPStatus.BAD_REQUEST:
        return told
    problem = told if isinstance(told, dict) else {}
    errors = [each for each in problem.get("errors", []) if isinstance(each, dict)]
    raise ServerRefused(
        response.status,
        str(problem.get("code", "")),
        _reason(problem),
        tuple(str(each.get("code", "")) for each in errors),
    )


def _reason(problem: dict[str, Any]) -> str:
    """Return the sentence of a problem document or of an OperationOutcome."""
    if "detail" in problem:
        return str(problem["detail"])
    reasons = problem.get("reasons") or [
        each.get("diagnostics", "") for each in problem.get("issue", []) if isinstance(each, dict)
    ]
    return "; ".join(str(each) for each in reasons)
