"""The list of loops, and the steps that are more than a call."""

from dataclasses import dataclass, field

from telehealth.domain.outbox import Channel
from telehealth.services.delivery import BATCH
from telehealth.services.lapses import Lapses
from telehealth.services.lines import Lines
from telehealth.services.waitlist_offers import WaitlistOffers
from telehealth.workers.background import background
from telehealth.workers.cleaning import cleaning
from telehealth.workers.expiry import expiry
from telehealth.workers.outbox import outbox
from tests.fakes import Announced
from tests.integration.storage import cast
from tests.unit.services.conftest import House, house
from tests.unit.services.test_delivery import INVITATIONS

__all__ = ["house"]


@dataclass
class Batches:
    """A delivery that sends batches of these sizes."""

    sizes: list[int] = field(default_factory=list)

    async def send_due(self, channel: Channel) -> int:
        assert channel is Channel.SMS
        return self.sizes.pop(0)


class Chain:
    async def link_new(self) -> int:
        return 0

    async def anchor(self) -> bool:
        return False


async def test_whole_batches_follow_each_other_without_a_pause() -> None:
    batches = Batches([BATCH, BATCH, 3, 7])
    await outbox(batches, Channel.SMS).step()
    assert batches.sizes == [7]


async def test_expired_holds_are_freed(house: House) -> None:
    held = cast.held("1", house.clock.at)
    async with house.units.writing() as uow:
        await uow.appointments.book(held, cast.claims(held))
    await expiry(house.work, Lapses(work=house.work, announcer=Announced())).step()
    assert house.units.tables.claims == {}


async def test_what_opens_nothing_any_more_is_forgotten_in_time(house: House) -> None:
    opened = await house.enter("amara@care.example")
    await house.recovery.ask_password_reset("amara@care.example")
    house.clock.move(hours=36)
    await cleaning(house.work).step()
    assert list(house.units.tables.sessions) == [opened.session.id]
    house.clock.move(seconds=1)
    await cleaning(house.work).step()
    assert (house.units.tables.sessions, len(house.units.tables.links)) == ({}, 1)
    house.clock.move(days=7)
    await cleaning(house.work).step()
    assert house.units.tables.links == {}


async def test_every_duty_has_its_loop_and_its_pace(house: House) -> None:
    loops = background(
        work=house.work,
        delivery=Batches(),
        chain=Chain(),
        sessions=house.sessions,
        announcer=Announced(),
        lines=Lines(work=house.work, announcer=Announced(), invitations=INVITATIONS),
        connected=list,
        offers=WaitlistOffers(work=house.work, invitations=INVITATIONS, tzdata="2026.6"),
    )
    assert {loop.name: loop.every for loop in loops} == {
        "outbox-email": 1.0,
        "outbox-sms": 1.0,
        "audit-linking": 0.5,
        "audit-anchor": 60.0,
        "expiry": 30.0,
        "lines": 0.05,
        "line clock": 30.0,
        "cleaning": 3600.0,
        "waitlist": 20.0,
        "revocation": 2.0,
        "attendance": 30.0,
    }
