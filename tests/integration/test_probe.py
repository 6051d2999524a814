"""`telehealth probe` against a running server: green when it is whole, else the right sentence."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from telehealth.app import Assembled, Switchboard
from telehealth.domain.errors import NotFound, Unavailable, WrongState
from telehealth.domain.people import Role
from telehealth.domain.scheduling import Interval
from telehealth.probe.timeline import Step, Timeline
from telehealth.probe.trouble import ProbeFailed
from telehealth.services.repositories import DayRow
from tests.integration.probing import Breaking, demo_server, probe, seed

STEPS = (
    *("ready", "sign-in", "patient", "slot", "book", "look", "open", "consent", "device", "sockets"),
    *("wait", "admit", "enter", "connect", "media", "confirm", "note", "sign", "end", "record", "sign-out"),
)


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("demo") / "var"
    seed(data)
    return data


class Except:
    """A service that does everything like the real one but what is given here by name."""

    def __init__(self, real: object, **instead: Callable[..., Any]) -> None:
        self._real = real
        self.__dict__.update(instead)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


def breaking(service: str, method: str, instead: Callable[..., Any]) -> Breaking:
    """Replace one method of one service; `instead` is handed the real one first."""

    def broken(whole: Assembled) -> Assembled:
        real = getattr(whole.services, service)

        async def answer(*arguments: Any) -> Any:
            return await instead(getattr(real, method), *arguments)

        return replace(whole, services=replace(whole.services, **{service: Except(real, **{method: answer})}))

    return broken


async def refuse(real: Any, *_: Any) -> None:
    raise WrongState("It rains.")


async def be_down(real: Any, *_: Any) -> None:
    raise Unavailable


async def crash(real: Any, *_: Any) -> None:
    raise ZeroDivisionError


async def do_nothing(real: Any, *_: Any) -> None:
    return None


async def lose_the_plan(real: Any, actor: Any, visit: str, content: Any, version: int) -> Any:
    return await real(actor, visit, replace(content, plan=""), version)


async def mix_up(real: Any, actor: Any, type_: str, *rest: Any) -> Any:
    found = await real(actor, type_, *rest)
    return replace(found, text=found.text.replace("37.2", "39.2"))


async def last_test(whole: Assembled) -> DayRow:
    """The visit that the probe booked."""
    work = whole.opened.work
    now = work.clock.now()
    async with work.units.reading() as uow:
        people = await uow.directory.practitioners(role=Role.SPECIALIST)
        ahead = Interval(now, now + timedelta(days=2))
        rows = [row for each in people for row in await uow.visits.day(each.id, ahead)]
    (found,) = [row for row in rows if row.visit.test]
    return found


async def test_a_whole_visit_is_played_and_marked_as_a_test_that_writes_to_nobody(
    seeded: Path, tmp_path: Path
) -> None:
    async with demo_server(seeded, tmp_path / "var") as server:
        timeline, printed = await probe(server)
        assert tuple(timeline.done) == STEPS
        assert printed.splitlines()[-1].endswith("ms  in all")
        row = await last_test(server.assembled)
        assert row.appointment.test
        async with server.assembled.opened.work.units.reading() as uow:
            assert not await uow.outbox.of_visit(row.visit.id)


@pytest.mark.parametrize(
    "step,broken,words",
    [
        ("sign-in", breaking("sign_in", "password", be_down), "503 (unavailable: The service is busy"),
        ("book", breaking("booking", "book", refuse), "409 (wrong-state: It rains)"),
        ("look", breaking("joining", "look", crash), "500 (unexpected: Something went wrong on our side"),
        ("admit", breaking("consulting", "admit", refuse), "409 (wrong-state: It rains)"),
        ("note", breaking("notes", "save", lose_the_plan), "'content' is"),
        ("sign", breaking("notes", "sign", do_nothing), "'state' is 'draft' and not 'signed'"),
        ("record", breaking("record", "read", mix_up), "section 'Findings' is not what was typed"),
        ("sign-out", breaking("sessions", "sign_out", do_nothing), "still opens after signing out"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " not in value else "",
)
async def test_a_broken_step_is_named_with_what_was_wrong(
    seeded: Path, tmp_path: Path, step: str, broken: Breaking, words: str
) -> None:
    async with demo_server(seeded, tmp_path / "var", broken) as server:
        with pytest.raises(ProbeFailed) as failed:
            await probe(server)
    assert str(failed.value).startswith(f"The probe failed at '{step}': ")
    assert words in str(failed.value)
    assert str(failed.value).endswith(".")


def silent(whole: Assembled) -> Assembled:
    """Services announce to nobody."""
    return replace(whole, switchboard=Switchboard())


def without_seats(whole: Assembled) -> Assembled:
    async def seat(*_: Any) -> None:
        raise NotFound

    return replace(whole, doorkeeper=Except(whole.doorkeeper, seat=seat))


def without_visitors(whole: Assembled) -> Assembled:
    async def visitor(*_: Any) -> None:
        return None

    return replace(whole, doorkeeper=Except(whole.doorkeeper, visitor=visitor))


class Impatient(Timeline):
    def step(self, name: str, *, seconds: float = 20) -> AbstractAsyncContextManager[Step]:
        return super().step(name, seconds=seconds / 4)


@pytest.mark.parametrize(
    "step,broken,words",
    [
        ("sockets", without_visitors, "the server refused the socket with status 401"),
        ("wait", silent, "took longer than 5 s; the specialist's list was not told that the patient waits"),
        ("enter", without_seats, "There is nothing here"),
    ],
    ids=["sockets", "wait", "enter"],
)
async def test_broken_signalling_is_named_with_what_was_wrong(
    seeded: Path, tmp_path: Path, step: str, broken: Breaking, words: str
) -> None:
    async with demo_server(seeded, tmp_path / "var", broken) as server:
        with pytest.raises(ProbeFailed) as failed:
            await probe(server, timed_by=Impatient)
    assert failed.value.step == step
    assert words in str(failed.value)


async def test_addresses_that_are_hidden_without_a_relay_are_a_failure_to_connect(
    seeded: Path, tmp_path: Path
) -> None:
    async with demo_server(seeded, tmp_path / "var", relay_only=True) as server:
        with pytest.raises(ProbeFailed, match=r"failed at 'connect': .* no TURN server gave one"):
            await probe(server)


async def test_a_failure_before_the_call_gives_the_time_back(seeded: Path, tmp_path: Path) -> None:
    broken = breaking("consulting", "admit", refuse)
    async with demo_server(seeded, tmp_path / "var", broken) as server:
        with pytest.raises(ProbeFailed):
            await probe(server)
        row = await last_test(server.assembled)
        assert (row.appointment.status, row.visit.status) == ("cancelled", "cancelled")


async def test_a_failure_in_the_call_ends_the_visit(seeded: Path, tmp_path: Path) -> None:
    broken = breaking("notes", "save", refuse)
    async with demo_server(seeded, tmp_path / "var", broken) as server:
        with pytest.raises(ProbeFailed):
            await probe(server)
        assert (await last_test(server.assembled)).visit.status == "finished"
