"""The audit chain: new entries are linked, and every way to tamper with them is told with its number."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from telehealth.crypto.chain import leaf_hash, link
from telehealth.domain.access import SYSTEM
from telehealth.domain.audit import AuditAction, ChainLink
from telehealth.services.anchors import signed_anchor
from telehealth.services.audit_chain import AuditChain, Verdict
from telehealth.services.trail import Work, enter
from tests.fakes import FakeChance, FakeClock, FakeUnits

KEY = bytes(range(32))


class Anchors:
    """Anchors in memory."""

    def __init__(self) -> None:
        self.kept: list[str] = []
        self.last = ""

    def lines(self) -> list[str]:
        return list(self.kept)

    def append(self, line: str) -> None:
        self.kept.append(line)
        self.last = line

    def remembered(self) -> str:
        return self.last


@pytest.fixture
def work() -> Work:
    return Work(FakeUnits(), FakeClock(), FakeChance())


@pytest.fixture
def anchors() -> Anchors:
    return Anchors()


@pytest.fixture
def chain(work: Work, anchors: Anchors) -> AuditChain:
    return AuditChain(work=work, anchors=anchors, anchor_key=KEY)


async def write(work: Work, count: int) -> None:
    async with work.units.writing() as uow:
        for each in range(count):
            await enter(work, uow, SYSTEM, AuditAction.VISIT_READ, entity_id=str(each))


async def test_an_empty_log_is_whole(chain: AuditChain) -> None:
    assert await chain.verify() == Verdict(ok=True, linked=0, unlinked=0)


async def test_new_entries_are_linked_in_any_number(work: Work, chain: AuditChain) -> None:
    await write(work, 1203)
    assert (await chain.verify()).unlinked == 1203
    assert await chain.link_new() == 1203
    assert await chain.link_new() == 0
    await write(work, 2)
    verdict = await chain.verify()
    assert (verdict.ok, verdict.linked, verdict.unlinked) == (True, 1203, 2)


async def test_an_anchor_is_signed_only_when_something_is_new(
    work: Work, chain: AuditChain, anchors: Anchors
) -> None:
    assert not await chain.anchor()
    await write(work, 3)
    await chain.link_new()
    assert await chain.anchor()
    assert not await chain.anchor()
    assert (await chain.verify()).anchored == 3
    assert len(anchors.kept) == 1


@pytest.fixture
async def full(work: Work, chain: AuditChain) -> AuditChain:
    """Ten entries, anchored after the sixth and after the last."""
    await write(work, 6)
    await chain.link_new()
    await chain.anchor()
    await write(work, 4)
    await chain.link_new()
    await chain.anchor()
    assert (await chain.verify()).ok
    return chain


def entry_of(work: Work, number: int) -> str:
    found: str = work.units.tables.chain[number].entry_id
    return found


def forge(work: Work, first: int) -> None:
    """Write the chain anew from `first` on, over whatever the entries say now."""
    tables = work.units.tables
    head = tables.chain[first - 1].head
    for number in range(first, max(tables.chain) + 1):
        leaf = leaf_hash(tables.entries[entry_of(work, number)].canonical())
        head = link(head, leaf)
        tables.chain[number] = ChainLink(number, entry_of(work, number), leaf, head)


async def test_a_changed_entry_is_told(work: Work, full: AuditChain) -> None:
    entries = work.units.tables.entries
    entries[entry_of(work, 4)] = replace(entries[entry_of(work, 4)], entity_id="other")
    verdict = await full.verify()
    assert (verdict.ok, verdict.number, verdict.problem) == (False, 4, "Entry 4 was changed.")


async def test_a_deleted_entry_is_told(work: Work, full: AuditChain) -> None:
    del work.units.tables.entries[entry_of(work, 7)]
    verdict = await full.verify()
    assert (verdict.number, verdict.problem) == (7, "Entry 7 is missing.")


async def test_a_link_taken_out_is_told(work: Work, full: AuditChain) -> None:
    del work.units.tables.chain[5]
    assert (await full.verify()).problem == "Entry 5 was taken out of the chain."


async def test_two_entries_changed_round_are_told(work: Work, full: AuditChain) -> None:
    chain = work.units.tables.chain
    chain[2], chain[3] = replace(chain[3], number=2), replace(chain[2], number=3)
    assert (await full.verify()).problem == "The chain breaks at entry 2."


async def test_a_cut_tail_is_told_by_the_anchor(work: Work, full: AuditChain) -> None:
    tables = work.units.tables
    for number in (9, 10):
        del tables.entries[entry_of(work, number)]
        del tables.chain[number]
    verdict = await full.verify()
    assert (verdict.ok, verdict.number) == (False, 8)
    assert "its end was cut" in verdict.problem


async def test_a_whole_rewrite_is_told_by_the_anchor(work: Work, full: AuditChain) -> None:
    entries = work.units.tables.entries
    entries[entry_of(work, 3)] = replace(entries[entry_of(work, 3)], actor_id="somebody else")
    forge(work, 3)
    verdict = await full.verify()
    assert (verdict.ok, verdict.number) == (False, 6)
    assert "is not the one signed on 2026-11-23T09:00:00Z" in verdict.problem


async def test_an_anchor_taken_out_is_told(full: AuditChain, anchors: Anchors) -> None:
    del anchors.kept[0]
    told = "Before the anchor in line 1 another one was taken out."
    assert (await full.verify()).problem == told


@pytest.mark.parametrize("left", [0, 1])
async def test_an_end_cut_with_its_anchors_is_told(
    work: Work, full: AuditChain, anchors: Anchors, left: int
) -> None:
    tables = work.units.tables
    for number in range(7 if left else 1, 11):
        del tables.entries[entry_of(work, number)], tables.chain[number]
    del anchors.kept[left:]
    told = "The anchor over 10 entries, signed on 2026-11-23T09:00:00Z, is missing."
    assert (await full.verify()).problem == told
    await write(work, 20)
    await full.seal()
    assert "another one was taken out" in (await full.verify()).problem


async def test_an_anchor_kept_and_not_yet_remembered_is_none_too_many(
    work: Work, full: AuditChain, anchors: Anchors
) -> None:
    anchors.last = anchors.kept[0]
    await write(work, 1)
    await full.seal()
    verdict = await full.verify()
    assert (verdict.ok, verdict.anchored) == (True, 11)


async def test_a_forged_anchor_is_told(full: AuditChain, anchors: Anchors) -> None:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    anchors.kept[1] = signed_anchor(b"another key" + bytes(21), 10, b"h" * 32, at)
    assert (await full.verify()).problem == "The anchor in line 2 does not carry our signature."


@pytest.mark.parametrize("line", ["", "{}", "[]", "nonsense", '{"count": "x"}', '{"head": 3}'])
async def test_an_unreadable_anchor_is_told(full: AuditChain, anchors: Anchors, line: str) -> None:
    anchors.kept.insert(1, line)
    assert (await full.verify()).problem == "The anchor in line 2 cannot be read."


async def test_a_shifted_instant_breaks_an_anchors_signature(full: AuditChain, anchors: Anchors) -> None:
    anchors.kept[0] = anchors.kept[0].replace("2026-11-23", "2026-11-22")
    assert not (await full.verify()).ok


def test_the_instant_of_an_anchor_is_utc() -> None:
    line = signed_anchor(KEY, 1, b"h" * 32, datetime(2026, 1, 1, tzinfo=UTC) + timedelta(microseconds=5))
    assert '"at": "2026-01-01T00:00:00.000005+00:00"' in line


async def test_a_restored_log_goes_on_and_tells_what_is_lost(
    work: Work, full: AuditChain, anchors: Anchors
) -> None:
    tables = work.units.tables
    for number in range(7, 11):
        del tables.entries[entry_of(work, number)], tables.chain[number]
    del anchors.kept[1:]
    assert "is missing" in (await full.verify()).problem
    await write(work, 1)
    await full.restored()
    told = await full.verify()
    assert (told.ok, told.linked, told.anchored, len(told.losses)) == (True, 7, 7, 1)
    assert "goes on with entry 7" in told.losses[0]
    assert "on 2026-11-23T09:00:00Z there were 10 entries" in told.losses[0]
    await write(work, 1)
    assert await full.link_new() == 1
    assert await full.anchor()
    assert (await full.verify()).losses == told.losses
    anchors.kept[1] = anchors.kept[1].replace('\\"count\\": 10', '\\"count\\": 7')
    assert "does not carry our signature" in (await full.verify()).problem


async def test_a_restored_log_that_had_not_gone_on_has_lost_nothing(work: Work, full: AuditChain) -> None:
    await write(work, 1)
    await full.restored()
    told = await full.verify()
    assert (told.ok, told.anchored, told.losses) == (True, 11, ())


async def test_an_empty_log_can_be_restored(chain: AuditChain) -> None:
    await chain.restored()
    assert await chain.verify() == Verdict(ok=True, linked=0, unlinked=0)
