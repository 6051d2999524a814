"""Who is connected, as sockets come and go; the same for every implementation of Presence."""

from datetime import UTC, datetime, timedelta

from signaling.presence import MemoryPresence
from telehealth.domain.access import Actor, ActorKind
from telehealth.domain.people import Role

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
GRACE = timedelta(seconds=60)
AMARA = Actor(ActorKind.STAFF, "amara", Role.SPECIALIST, "hospital", "sa", "Dr Amara")
BO = Actor(ActorKind.VISITOR, "bo", None, "hospital", "sb", "Bo", visit_id="v1")
CY = Actor(ActorKind.VISITOR, "cy", None, "hospital", "sc", "Cy", visit_id="v2")


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_each_is_found_by_session_visit_and_watch() -> None:
    presence = MemoryPresence(GRACE)
    for name, actor in (("b1", BO), ("c1", CY), ("a1", AMARA), ("a2", AMARA)):
        presence.add(name, actor)
    assert [each.id for each in presence.visitors("v1")] == ["b1"]
    assert [each.id for each in presence.of_sessions(["sa", "sc", "nobody"])] == ["a1", "a2", "c1"]
    assert presence.watchers("amara") == []
    found = presence.get("a2")
    assert found
    found.watching = True
    assert [each.id for each in presence.watchers("amara")] == ["a2"]
    assert len(presence.everyone()) == 4


def test_a_visitor_is_gone_only_after_the_last_connection_and_the_grace() -> None:
    presence = MemoryPresence(GRACE)
    presence.add("b1", BO)
    presence.add("b2", BO)
    presence.remove("b1", NOW)
    assert presence.away_since("v1") is None
    presence.remove("b2", after(5))
    departed = presence.away_since("v1")
    assert departed
    assert (departed.actor, departed.at) == (BO, after(5))
    assert presence.overdue(after(64)) == []
    assert [each.actor for each in presence.overdue(after(65))] == [BO]
    assert presence.overdue(after(66)) == []


def test_coming_back_ends_the_wait_for_that_visit_only() -> None:
    presence = MemoryPresence(GRACE)
    for name, actor in (("b1", BO), ("c1", CY)):
        presence.add(name, actor)
        presence.remove(name, NOW)
    presence.add("b2", BO)
    assert [each.actor for each in presence.overdue(after(60))] == [CY]


def test_staff_who_go_are_not_waited_for() -> None:
    presence = MemoryPresence(GRACE)
    presence.add("a1", AMARA)
    gone = presence.remove("a1", NOW)
    assert gone
    assert gone.gone
    assert presence.overdue(after(1000)) == []
    assert presence.remove("a1", NOW) is None
    assert presence.get("a1") is None


def test_nothing_is_left_when_all_have_gone() -> None:
    presence = MemoryPresence(GRACE)
    for round_ in range(100):
        presence.add(f"b{round_}", BO)
        presence.add(f"a{round_}", AMARA)
        presence.remove(f"b{round_}", NOW)
        presence.remove(f"a{round_}", NOW)
    presence.overdue(after(60))
    assert not any((presence._all, presence._sessions, presence._visits, presence._staff, presence._departed))
