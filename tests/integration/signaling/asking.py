"""Clients of a network without websockets: one that behaves, and single requests that do not."""

import asyncio
from contextlib import suppress
from typing import Any, Self

import aiohttp

from tests.integration.signaling.house import PATIENCE, Served


def signed(served: Served, headers: dict[str, str]) -> dict[str, str]:
    """Return the headers of a page that belongs to the cookie in `headers`."""
    person = served.house.people[headers["Cookie"].partition("=")[2]]
    return {**headers, "X-CSRF-Token": f"of {person.session_id}"}


class Line:
    """Single requests with the same headers, so that a test can leave some out."""

    def __init__(
        self, served: Served, headers: dict[str, str], visit: str | None = None, guest: str | None = None
    ) -> None:
        self.headers = dict(headers)
        self._address = served.url + "/live"
        self._query = {"visit": visit} if visit else {"guest": guest} if guest else {}
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())

    async def send(self, method: str, path: str = "", body: object = None, **query: object) -> Any:
        """Return status and body of the answer."""
        params = self._query | {name: str(value) for name, value in query.items()}
        kind = "data" if isinstance(body, bytes) else "json"
        async with self._session.request(
            method, self._address + path, params=params, headers=self.headers, **{kind: body}
        ) as got:
            return got.status, await got.json(content_type=None)

    async def open(self) -> Self:
        """Connect; the name of the connection stands in the headers from here on."""
        status, body = await self.send("POST")
        assert status == 200, body
        self.headers["X-Connection"] = body["connection"]
        return self

    async def code(
        self, method: str, path: str = "", body: object = None, **query: object
    ) -> tuple[int, str]:
        """Return status and code of a refusal; an empty code for none."""
        status, told = await self.send(method, path, body, **query)
        return status, told.get("code", "")

    async def say(self, first: int, *events: object, since: int = 0) -> list[dict[str, Any]]:
        """Send events in one request; return the news."""
        batch = {"since": since, "first": first, "events": events}
        status, told = await self.send("POST", "/events", batch)
        assert status == 200, told
        return list(told["news"])

    async def ask(self, since: int = 0) -> dict[str, Any]:
        status, told = await self.send("GET", since=since)
        assert status == 200, told
        return dict(told)

    async def close(self) -> None:
        await self._session.close()


class Asker:
    """As `Person` in house.py, but it asks."""

    def __init__(self) -> None:
        self.received: list[tuple[str, Any]] = []
        self._acks: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._news = asyncio.Event()
        self._since = self._said = 0
        self._over = asyncio.Event()

    async def connect(
        self, served: Served, headers: dict[str, str], visit: str | None = None, guest: str | None = None
    ) -> Self:
        self.line = await Line(served, signed(served, headers), visit, guest).open()
        self._asking = asyncio.create_task(self._ask())
        return self

    async def ask(self, event: str, body: object = None) -> dict[str, Any]:
        self._said += 1
        ack = self._acks[self._said] = asyncio.get_running_loop().create_future()
        events = [event] if body is None else [event, body]
        self._take(
            await self.line.say(self._said, [event, {}] if body is None else events, since=self._since)
        )
        return await asyncio.wait_for(ack, PATIENCE)

    async def expect(self, event: str, nth: int = 1) -> Any:
        """Return the body of the nth event of this name, waiting for it."""
        async with asyncio.timeout(PATIENCE):
            while len(self.all(event)) < nth:
                self._news.clear()
                await self._news.wait()
        return self.all(event)[nth - 1]

    def all(self, event: str) -> list[Any]:
        return [body for name, body in self.received if name == event]

    async def gone(self) -> None:
        await asyncio.wait_for(self._over.wait(), PATIENCE)
        await self.vanish()

    async def close(self) -> None:
        await self.line.send("POST", "/end", {"connection": self.line.headers["X-Connection"]})
        await self.vanish()

    async def vanish(self) -> None:
        """Ask no more."""
        self._asking.cancel()
        with suppress(asyncio.CancelledError):
            await self._asking
        await self.line.close()

    async def _ask(self) -> None:
        while True:
            status, told = await self.line.send("GET", since=self._since)
            if status != 200 or told["over"]:
                break
            self._take(told["news"])
        self._take(told.get("news", []))
        self._over.set()

    def _take(self, news: list[dict[str, Any]]) -> None:
        for each in news:
            if each["n"] <= self._since:
                continue
            self._since = each["n"]
            if "ack" in each:
                self._acks.pop(each["ack"]).set_result(each["body"])
            else:
                self.received.append((each["event"], each["body"]))
        self._news.set()
