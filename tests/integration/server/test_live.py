"""A network without websockets, at the real server: its cookies, tokens, sign-out and end."""

import asyncio
import time
from pathlib import Path

from aiohttp import ClientSession

from telehealth.probe.http import Caller
from tests.integration.server.acting import signed_in, specialist, visits_of
from tests.services.server import Server

Refusal = tuple[int, str]
WITHIN = 5


class Asker:
    """One connection that asks, with the cookies of a session."""

    def __init__(self, caller: Caller, visit: str = "") -> None:
        self._address = caller.base_url + "/live"
        self._session: ClientSession = caller.session
        self._query = {"visit": visit} if visit else {}
        self.headers = {"X-CSRF-Token": caller.csrf}
        self._since = 0

    async def connect(self) -> Refusal:
        """Return the status, and the code of a refusal."""
        async with self._session.post(self._address, params=self._query, headers=self.headers) as got:
            told = await got.json()
            self.headers["X-Connection"] = told.get("connection", "")
            return got.status, told.get("code", "")

    async def say(self, first: int, *events: object) -> list[dict[str, object]]:
        batch = {"since": self._since, "first": first, "events": events}
        async with self._session.post(
            self._address + "/events", params=self._query, headers=self.headers, json=batch
        ) as got:
            return self._take(await got.json())

    async def next(self) -> tuple[list[str], bool]:
        """Return the names of what is new, and whether this is over."""
        query = {**self._query, "since": str(self._since)}
        async with self._session.get(self._address, params=query, headers=self.headers) as got:
            told = await got.json()
            return [str(each["event"]) for each in self._take(told)], told["over"]

    def _take(self, told: dict[str, object]) -> list[dict[str, object]]:
        news: list[dict[str, object]] = told["news"]  # type: ignore[assignment]
        self._since = max([self._since, *(int(str(each["n"])) for each in news)])
        return news


async def test_a_patient_and_a_doctor_who_ask_are_told_shown_out_and_drained(tmp_path: Path) -> None:
    server = Server(tmp_path / "data")
    await asyncio.to_thread(server.start)
    try:
        known = specialist(manifest := server.manifest())
        async with signed_in(server, known) as desk, Caller(server.url) as patient:
            visit = visits_of(manifest, known)[0]
            amara, bo = Asker(desk.caller), Asker(patient, visit["id"])
            assert await amara.connect() == (200, "")
            assert (await amara.say(1, ["watch", {}]))[0]["ack"] == 1
            assert await bo.connect() == (401, "not-signed-in")
            await desk.start_visit(visit, patient)
            assert await bo.connect() == (403, "cross-site"), "a cookie alone opens nothing"
            bo.headers["X-CSRF-Token"] = patient.csrf
            assert await bo.connect() == (200, "")
            news, _ = await amara.next()
            assert {"clinic", "visit"} <= set(news)
            entered = await bo.say(1, ["enter", {"epoch": 0, "since": 0}])
            assert [each.get("event", "enter") for each in entered if each.get("event") != "visit"] == [
                "enter",
                "roster",
            ]
            await shown_out(desk.caller, amara)
            held = asyncio.create_task(until_over(bo))
            started = time.monotonic()
            await asyncio.to_thread(server.stop)
            assert time.monotonic() - started < 10
            assert await held == "draining"
    finally:
        await asyncio.to_thread(server.stop)


async def shown_out(caller: Caller, asker: Asker) -> None:
    """Sign out; who asks just then hears of it, and the connection is no more."""
    asking = asyncio.create_task(until_over(asker))
    await caller.delete("/api/v1/session")
    assert await asyncio.wait_for(asking, WITHIN) == "signed-out"


async def until_over(asker: Asker) -> str:
    while True:
        news, over = await asker.next()
        if over:
            return news[-1]
