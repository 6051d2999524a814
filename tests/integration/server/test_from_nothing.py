"""A real installation from an empty DATA, as the README tells it: places, people, hours, a booked visit."""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, CookieJar

from telehealth import cli
from telehealth.crypto.totp import code_at, step_of
from telehealth.opening import SystemClock
from tests.services.server import Server

PASSWORD = "four lively otters at dawn"
LINK = re.compile(r"(http://[\w.:]+)/invitation#([\w-]{43})")


class Person:
    """A browser without scripts, and a program: both use one session."""

    def __init__(self, url: str, session: ClientSession) -> None:
        self.url, self.session = url, session
        self.headers = {"Origin": url}

    async def page(self, path: str, fields: dict[str, str] | None = None) -> str:
        """Get a page, or send its form; returns what is shown in the end."""
        method = "POST" if fields is not None else "GET"
        sent = dict(fields or {}) | ({"csrf": self.headers["X-CSRF-Token"]} if len(self.headers) > 1 else {})
        async with self.session.request(
            method, self.url + path, data=sent if fields is not None else None, headers={"Origin": self.url}
        ) as answer:
            text = await answer.text()
            assert answer.status == 200, (path, text)
            return text

    async def ask(self, method: str, path: str, body: Any = None, **params: str) -> Any:
        """Ask the API."""
        async with self.session.request(
            method, f"{self.url}/api/v1{path}", json=body, params=params, headers=self.headers
        ) as answer:
            assert answer.status in {200, 201}, (path, await answer.text())
            return await answer.json()

    async def join(self, link: str, email: str) -> None:
        """Take an invitation up and sign in."""
        token = link.rpartition("#")[2]
        shown = await self.page("/invitation/look", {"token": token})
        seed = re.findall(r'dir="ltr">([A-Z2-7 ]+)</code>', shown)[0].replace(" ", "")
        step = step_of(SystemClock().now())
        codes = [code_at(seed, step - 1), code_at(seed, step + 1)]
        await self.page("/invitation", {"token": token, "password": PASSWORD, "code": codes[0]})
        first = await self.ask("POST", "/session", {"email": email, "password": PASSWORD})
        self.headers["X-CSRF-Token"] = first["csrf"]
        self.headers["X-CSRF-Token"] = (await self.ask("POST", "/session/code", {"code": codes[1]}))["csrf"]


@asynccontextmanager
async def somebody(url: str) -> AsyncIterator[Person]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        yield Person(url, session)


async def invite(ada: Person, role: str, family: str, email: str) -> str:
    """Let the administrator invite on the people page; returns the link."""
    fields = {"role": role, "given": "", "family": family, "title": "", "specialty": "", "email": email}
    found = LINK.search(await ada.page("/people", fields))
    assert found is not None
    return found[0]


async def set_hours(ada: Person, day: datetime) -> str:
    """Give the specialist the whole of a weekday on the people page; returns the specialist's id."""
    shown = await ada.page("/people")
    chosen = {
        name: re.findall(rf'<select id="{name}".*?<option value="([^"]+)"', shown, re.DOTALL)[0]
        for name in ("practitioner", "service", "site")
    }
    hours = {"weekday": str(day.isoweekday()), "start": "00:00", "end": "00:00"}
    assert "All day" in await ada.page("/people/hours", chosen | hours)
    return chosen["practitioner"]


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server over an empty DATA, without the demo; commands in this process work beside it."""
    server = Server(tmp_path / "data")
    server.command = ("serve",)
    for name in [name for name in os.environ if name.startswith("TELEHEALTH_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TELEHEALTH_DATA", str(server.data))
    server.start()
    yield server
    server.stop()


async def run(read: pytest.CaptureFixture[str], words: str, *names: str) -> str:
    """Run a command whose words are apart and whose names may have spaces; returns what it prints."""
    status = await asyncio.to_thread(cli.main, [*words.split(), *names])
    told = read.readouterr()
    assert status == 0, told.err
    return told.out


@pytest.mark.timeout(240)
async def test_an_empty_data_folder_becomes_a_clinic(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "telehealth keys escrow" in server.log.read_text()
    hill = ("--organization", "Hill Hospital")
    kind = "--kind hospital --phone +493005550100"
    await run(capsys, f"cluster add organization {kind} --name", "Hill Hospital")
    await run(capsys, "cluster add site --kind hospital --zone UTC --name", "Main house", *hill)
    await run(capsys, "cluster add service --minutes 20 --pause 10 --name", "Heart visit", *hill)
    assert "Heart visit" in await run(capsys, "cluster list")
    first = "staff add --role administrator --email ada@hill.example --family Lund"
    link = (await run(capsys, first, *hill)).split()[-1]
    assert link.startswith(f"{server.url}/invitation#")
    async with somebody(server.url) as ada, somebody(server.url) as amara, somebody(server.url) as carla:
        await ada.join(link, "ada@hill.example")
        for person, role, name in ((amara, "specialist", "amara"), (carla, "coordinator", "carla")):
            email = f"{name}@hill.example"
            await person.join(await invite(ada, role, name.title(), email), email)
        day = SystemClock().now() + timedelta(days=2)
        await book(carla, await set_hours(ada, day), day)
        assert (await amara.ask("GET", "/clinic", date=day.date().isoformat()))["rows"]


async def book(carla: Person, specialist: str, day: datetime) -> None:
    """Register a patient and book the first free time."""
    bo = {"family": "Lindqvist", "birth_date": "1961-05-14", "email": "bo@patients.example"}
    patient = (await carla.ask("POST", "/patients", bo))["id"]
    service = (await carla.ask("GET", "/catalogue"))["services"][0]["id"]
    start, end = (each.date().isoformat() + "T00:00:00Z" for each in (day, day + timedelta(days=1)))
    slots = (await carla.ask("GET", "/slots", service=service, start=start, end=end))["slots"]
    assert len(slots) == 48
    wanted = {"patient_id": patient, "service_id": service, "practitioner_id": specialist}
    booked = await carla.ask("POST", "/appointments", wanted | {"start": slots[0]["start"]})
    assert booked["join_url"].startswith(f"{carla.url}/v?")
