"""A series with room, device and interpreter: seen before, claimed by each visit, kept by every change."""

from datetime import timedelta

import pytest

from telehealth.domain.appointment import ResourceKind
from telehealth.domain.errors import BadInput, SlotTaken
from telehealth.domain.resources import Needs, Resource
from telehealth.domain.scheduling import Interval
from telehealth.domain.series import Frequency, Reach, Rule
from telehealth.services.booking import BookingRequest
from telehealth.services.resources import Description
from telehealth.services.series import Choice, Standing
from telehealth.services.series_plan import Wanted
from telehealth.services.series_reach import Move
from tests.bench.statements import counted
from tests.cast import AMARA, CARDIOLOGY, CARLA, CY, SITE, House
from tests.integration.services.test_parties import another, site
from tests.integration.services.test_series import MARCH, WEEK, desk
from tests.integration.services.test_series_changes import changes, wish

__all__ = ["site"]
THREE = Rule(Frequency.WEEKLY, count=3)
Site = dict[str, Resource]


def wanted(house: House, needs: Needs) -> Wanted:
    return Wanted(house.bo.id, CARDIOLOGY, AMARA.id, MARCH, THREE, needs)


def all_of(there: Site) -> Needs:
    return Needs(SITE, there["Otoscope"].id, "ar")


async def taken(house: House, needs: Needs, week: int, minutes: int = 0) -> None:
    """Eve sees Dr Cy in that week, with what Bo would need."""
    eve, start = await another(house), MARCH + week * WEEK + timedelta(minutes=minutes)
    request = BookingRequest(eve.id, CARDIOLOGY, CY.id, start, needs=needs)
    await house.assembled.services.booking.book(CARLA, request)


def names(found: Standing) -> list[list[str]]:
    return [[each.resource.name for each in found.parties[row.appointment.id]] for row in found.rows]


async def claimed(house: House, thing: Resource) -> list[int]:
    """The weeks in which something is taken."""
    async with house.assembled.opened.work.units.reading() as uow:
        year = Interval(MARCH - WEEK, MARCH + 52 * WEEK)
        busy = (await uow.appointments.busy(thing.kind, [thing.id], year))[thing.id]
    return [(each.start - MARCH + timedelta(days=1)) // WEEK for each in busy]


async def test_each_visit_has_all_that_is_needed(house: House, site: Site) -> None:
    with counted(house.assembled.opened.storage) as seen:
        booked = await desk(house).book(CARLA, Choice(wanted(house, all_of(site))))
    looks = [each for each in seen if "FROM resource" in " ".join(each.split()) and "JOIN" not in each]
    assert len(looks) == 2, "before they are booked, and as they are: not for each of them"
    assert names(booked) == [["Room 1", "Otoscope", "Lina"]] * 3
    assert [each.wanted for each in booked.parties[booked.rows[0].appointment.id]] == ["", "", "ar"]
    for thing in ("Room 1", "Otoscope", "Lina"):
        assert await claimed(house, site[thing]) == [0, 1, 2]


@pytest.mark.parametrize(
    "kind, thing, minutes",
    [("room", "Room 1", -20), ("device", "Otoscope", 0), ("interpreter", "Lina", 0)],
)
async def test_a_single_visit_without_what_it_needs_is_seen_before_anything_is_booked(
    house: House, site: Site, kind: str, thing: str, minutes: int
) -> None:
    """Room 1 is cleaned for ten minutes after Eve, so that Bo cannot follow her at once."""
    needs = {"room": Needs(room=site[thing].id), "device": Needs(device=site[thing].id)}
    need = needs.get(kind, Needs(interpreter="ar"))
    await taken(house, need, week=1, minutes=minutes)
    found = await desk(house).foresee(CARLA, wanted(house, need))
    assert [each.why.code for each in found.visits] == ["", f"no-{kind}", ""]
    ways = found.visits[1].ways
    assert ways
    with pytest.raises(SlotTaken) as refused:
        await desk(house).book(CARLA, Choice(wanted(house, need)))
    assert refused.value.missing == {ResourceKind(kind)}
    assert await claimed(house, site[thing]) == [1], "nothing of the series is booked"
    second = found.visits[1].occurrence.id
    booked = await desk(house).book(CARLA, Choice(wanted(house, need), instead={second: ways[0]}))
    assert names(booked) == [[thing]] * 3


async def test_where_one_of_several_is_taken_a_single_visit_has_another(house: House, site: Site) -> None:
    await taken(house, Needs(room=site["Room 1"].id), week=1)
    found = await desk(house).foresee(CARLA, wanted(house, Needs(room=SITE)))
    assert all(each.free for each in found.visits)
    booked = await desk(house).book(CARLA, Choice(wanted(house, Needs(room=SITE))))
    assert names(booked) == [["Room 1"], ["Room 2"], ["Room 1"]]


async def test_what_nothing_ever_serves_is_refused(house: House, site: Site) -> None:
    for need in (Needs(room="nowhere"), Needs(device=site["Room 1"].id), Needs(interpreter="fi")):
        with pytest.raises(BadInput):
            await desk(house).foresee(CARLA, wanted(house, need))
        with pytest.raises(BadInput):
            await desk(house).book(CARLA, Choice(wanted(house, need)))


@pytest.mark.parametrize(
    "reach, moved",
    [(Reach.THIS, [0, 1, 0]), (Reach.FOLLOWING, [0, 1, 1]), (Reach.ALL, [1, 1, 1])],
)
async def test_visits_that_move_keep_what_they_need(
    house: House, site: Site, reach: Reach, moved: list[int]
) -> None:
    booked = await desk(house).book(CARLA, Choice(wanted(house, all_of(site))))
    later = booked.rows[1].appointment.start + timedelta(minutes=20)
    after = await changes(house).move(CARLA, Move(wish(booked.rows[1], reach), later))
    pairs = zip(booked.rows, after.rows, strict=True)
    assert [
        (new.appointment.start - old.appointment.start) // timedelta(minutes=20) for old, new in pairs
    ] == (moved)
    assert names(after) == [["Room 1", "Otoscope", "Lina"]] * 3
    for thing in ("Room 1", "Otoscope", "Lina"):
        assert len(await claimed(house, site[thing])) == 3
    await changes(house).cancel(CARLA, wish(after.rows[0], Reach.ALL))
    for thing in ("Room 1", "Otoscope", "Lina"):
        assert await claimed(house, site[thing]) == []


async def test_a_move_shows_what_is_missing_at_each_new_time(house: House, site: Site) -> None:
    """What the visits have themselves is in nobody's way, nor are the pauses after it."""
    scale = await house.assembled.services.timing.resources.add(
        CARLA, SITE, ResourceKind.DEVICE, Description("Scale", after_minutes=10)
    )
    booked = await desk(house).book(CARLA, Choice(wanted(house, Needs(device=scale.id, interpreter="es"))))
    await taken(house, Needs(device=scale.id), week=2, minutes=40)
    later = booked.rows[0].appointment.start + timedelta(minutes=20)
    move = Move(wish(booked.rows[0], Reach.ALL), later)
    found = await changes(house).foresee(CARLA, move)
    assert [each.why.code for _, each in found.visits] == ["", "", "no-device"]
    with pytest.raises(SlotTaken) as refused:
        await changes(house).move(CARLA, move)
    assert refused.value.missing == {ResourceKind.DEVICE}
    assert await claimed(house, site["Lina"]) == [0, 1, 2], "where they were"
    stays = Move(move.wish, later, kept=frozenset({booked.rows[2].appointment.recurrence}))
    after = await changes(house).move(CARLA, stays)
    assert names(after) == [["Scale", "Lina"]] * 3
