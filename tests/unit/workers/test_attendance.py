"""Open sockets and their sessions: a call keeps one alive, idling out closes the rest."""

from telehealth.domain.access import Actor, ActorKind
from telehealth.domain.notices import SessionsEnded
from telehealth.domain.people import Role
from telehealth.workers.attendance import Attendance
from tests.fakes import Announced


class Register:
    """Sessions as the worker sees them: which are alive, and what was asked."""

    def __init__(self, *alive: str) -> None:
        self.alive = set(alive)
        self.asked: list[tuple[str, str]] = []

    async def keep_alive(self, actor: Actor) -> bool:
        self.asked.append(("keep alive", actor.session_id))
        return actor.session_id in self.alive

    async def lives(self, actor: Actor) -> bool:
        self.asked.append(("lives", actor.session_id))
        return actor.session_id in self.alive


def amara(session_id: str) -> Actor:
    return Actor(ActorKind.STAFF, "amara", Role.SPECIALIST, "hospital", session_id, "Dr Amara Okafor")


async def test_each_session_is_asked_once_and_a_call_on_any_socket_counts() -> None:
    register, announced = Register("s1", "s2"), Announced()
    connected = [(amara("s1"), False), (amara("s1"), True), (amara("s1"), False), (amara("s2"), False)]
    await Attendance(sessions=register, announcer=announced, connected=lambda: connected).look()
    assert register.asked == [("keep alive", "s1"), ("lives", "s2")]
    assert announced.notices == []


async def test_sessions_that_ran_out_are_shown_out_even_from_a_call() -> None:
    register, announced = Register("s1"), Announced()
    connected = [(amara("s1"), False), (amara("s2"), False), (amara("s3"), True)]
    await Attendance(sessions=register, announcer=announced, connected=lambda: connected).look()
    assert announced.notices == [SessionsEnded(("s2", "s3"))]


async def test_nobody_connected_asks_nothing() -> None:
    register, announced = Register(), Announced()
    await Attendance(sessions=register, announcer=announced, connected=list).look()
    assert (register.asked, announced.notices) == ([], [])
