"""News of the line over real sockets: the own place to who waits, the clinic's state to who watches it."""

from dataclasses import replace
from datetime import UTC, datetime

from telehealth.domain.notices import (
    LockChanged,
    MessageLeft,
    Notice,
    PlacesChanged,
    PriorityChanged,
    QueueChanged,
    RunningChanged,
    VisitMoved,
)
from telehealth.domain.queue import Place, Priority, Reason, Why
from tests.integration.signaling.house import PATIENT, STAFF, VISIT, Person, Served

AT = datetime(2026, 11, 23, 9, 31, tzinfo=UTC)
PLACE = Place(VISIT, 1, 15, 10, Why.LONGER, paused=False)
RUNS = RunningChanged("amara", 10, Reason.LONGER, paused=False, pause_reason=Reason.NONE)
SOONER = PriorityChanged(VISIT, "amara", Priority.URGENT)
MOVED = VisitMoved(VISIT, "amara")
NEWS: tuple[Notice, ...] = (PlacesChanged("amara", (PLACE,), AT), MessageLeft(VISIT), RUNS, SOONER, MOVED)


async def test_who_waits_hears_the_own_place_and_that_there_is_a_message(served: Served) -> None:
    bo = await Person().connect(served, PATIENT, visit=VISIT)
    for notice in NEWS:
        await served.server.announce(notice)
    assert await bo.expect("place") == {
        "visit": VISIT, "ahead": 1, "minutes": 15, "late": 10, "why": "longer", "paused": False,
        "at": "2026-11-23T09:31:00Z",
    }  # fmt: skip
    assert await bo.expect("message") == {"visit": VISIT}
    assert await bo.expect("message") == {"visit": VISIT}, "closed or moved: read the visit again"
    assert (await bo.ask("probe", {"n": 1}))["ok"]
    assert bo.all("running") + bo.all("priority") + bo.all("moved") == []
    await bo.close()


async def test_a_stranger_hears_nothing_of_it(served: Served) -> None:
    cy = await Person().connect(served, {"Cookie": "visit=cy"}, visit="another-visit")
    amara = await Person().connect(served, STAFF)
    for notice in NEWS:
        await served.server.announce(notice)
    others = replace(PLACE, visit_id="another-visit", minutes=None)
    await served.server.announce(PlacesChanged("cyd", (others,), AT))
    assert (await cy.expect("place"))["minutes"] is None
    assert [name for name, _ in cy.received] == ["place"]
    assert (await amara.ask("probe", {"n": 1}))["ok"]
    assert amara.received == [], "who does not watch is not told"
    await cy.close()
    await amara.close()


async def test_who_watches_hears_how_the_clinic_runs_unless_the_screen_is_locked(served: Served) -> None:
    amara = await Person().connect(served, STAFF)
    await amara.ask("watch")
    for notice in NEWS:
        await served.server.announce(notice)
    assert await amara.expect("running") == {
        "late": 10, "lateReason": "longer", "paused": False, "pauseReason": "",
    }  # fmt: skip
    assert await amara.expect("priority") == {"visit": VISIT, "priority": "urgent"}
    assert await amara.expect("moved") == {"visit": VISIT}
    await served.server.announce(LockChanged("session-amara", locked=True))
    await served.server.announce(RUNS)
    assert (await amara.ask("probe", {"n": 1}))["ok"]
    assert len(amara.all("running")) == 1
    assert amara.all("place") + amara.all("message") == []
    await amara.close()


async def test_who_may_call_hears_that_the_queue_is_another_and_nobody_else(served: Served) -> None:
    amara = await Person().connect(served, STAFF)
    bo = await Person().connect(served, PATIENT, visit=VISIT)
    await amara.ask("watch")
    await served.server.announce(QueueChanged(("org-elsewhere",), ("cyd",)))
    await served.server.announce(QueueChanged((), ("amara",)))
    assert await amara.expect("queue") == {}
    await served.server.announce(LockChanged("session-amara", locked=True))
    await served.server.announce(QueueChanged((), ("amara",)))
    for person in (amara, bo):
        assert (await person.ask("probe", {"n": 1}))["ok"]
    assert (len(amara.all("queue")), bo.all("queue")) == (1, [])
    await amara.close()
    await bo.close()
