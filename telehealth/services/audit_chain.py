"""The audit log's chain: linking new entries, signing its head now and then, telling whether it is whole."""

from dataclasses import dataclass
from typing import Protocol

from telehealth.crypto.chain import GENESIS, leaf_hash, link
from telehealth.domain.audit import AuditEntry, ChainLink
from telehealth.services.anchors import Anchor, read_anchor, signed_anchor
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work

BATCH = 500
UNLINKED_SHOWN = 100_000


class AnchorStore(Protocol):
    """Where signed heads are kept, away from the database."""

    def lines(self) -> list[str]:
        """Return all anchors, oldest first, one text each."""

    def append(self, line: str) -> None:
        """Keep one more, on disk before this returns."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of the chain found.

    `linked` entries are in the chain, `unlinked` ones wait (a second at most while the service runs),
    `anchored` are covered by the newest signed head. `problem` is a sentence, `number` the entry it is about.
    """

    ok: bool
    linked: int
    unlinked: int
    anchored: int = 0
    problem: str = ""
    number: int = 0


class _Broken(Exception):
    """The chain is not whole."""

    def __init__(self, number: int, problem: str) -> None:
        super().__init__(problem)
        self.number, self.problem = number, problem


class AuditChain:
    """Everything that happens to entries after they were written."""

    def __init__(self, *, work: Work, anchors: AnchorStore, anchor_key: bytes) -> None:
        """`anchor_key` is the keyring's derived secret for anchors: a raw Ed25519 private key of 32 bytes."""
        self._work, self._anchors, self._key = work, anchors, anchor_key

    async def link_new(self) -> int:
        """Give every entry that waits its place in the chain; return how many."""
        linked = 0
        while True:
            async with self._work.units.reading() as uow:
                if not await uow.audit.unlinked(1):
                    return linked
            async with self._work.units.writing() as uow:
                waiting = await uow.audit.unlinked(BATCH)
                await uow.audit.link(_links(await uow.audit.head(), waiting))
            linked += len(waiting)

    async def anchor(self) -> bool:
        """Sign the head and keep it apart; False when nothing is new since the last one."""
        async with self._work.units.reading() as uow:
            head = await uow.audit.head()
        lines = self._anchors.lines()
        if head is None or (lines and (last := read_anchor(lines[-1])) and last.count >= head.number):
            return False
        self._anchors.append(signed_anchor(self._key, head.number, head.head, self._work.clock.now()))
        return True

    async def verify(self) -> Verdict:
        """Walk the whole chain against its entries and anchors."""
        anchors = [read_anchor(line) for line in self._anchors.lines()]
        async with self._work.units.reading() as uow:
            unlinked = len(await uow.audit.unlinked(UNLINKED_SHOWN))
            head = await uow.audit.head()
            linked = head.number if head else 0
            try:
                anchored = await self._walk(uow, anchors)
            except _Broken as broken:
                return Verdict(False, linked, unlinked, 0, broken.problem, broken.number)
        return Verdict(True, linked, unlinked, anchored)

    async def _walk(self, uow: UnitOfWork, anchors: list[Anchor | None]) -> int:
        """Check every link, then every anchor; return what the newest anchor covers."""
        expected = self._checked(anchors)
        number, head = 0, GENESIS
        while pairs := await uow.audit.chain(number, BATCH):
            for each, entry in pairs:
                number, head = number + 1, _step(each, entry, number + 1, head)
                _compare(expected.get(number, []), head)
        cut = next(
            (each for count, found in sorted(expected.items()) if count > number for each in found), None
        )
        if cut is not None:
            what = (
                f"The chain ends at {number}, but on {cut.day} it had {cut.count} entries: its end was cut."
            )
            raise _Broken(number, what)
        return max(expected, default=0)

    def _checked(self, anchors: list[Anchor | None]) -> dict[int, list[Anchor]]:
        """Return the anchors by what they cover; raise when one is unreadable or not signed by us."""
        by_count: dict[int, list[Anchor]] = {}
        for line, anchor in enumerate(anchors, 1):
            if anchor is None:
                raise _Broken(0, f"The anchor in line {line} cannot be read.")
            if not anchor.signed_by(self._key):
                raise _Broken(anchor.count, f"The anchor in line {line} does not carry our signature.")
            by_count.setdefault(anchor.count, []).append(anchor)
        return by_count


def _links(head: ChainLink | None, entries: list[AuditEntry]) -> list[ChainLink]:
    """Return the links that continue a chain after `head`."""
    number, running = (head.number, head.head) if head else (0, GENESIS)
    links = []
    for entry in entries:
        leaf = leaf_hash(entry.canonical())
        number, running = number + 1, link(running, leaf)
        links.append(ChainLink(number, entry.id, leaf, running))
    return links


def _step(each: ChainLink, entry: AuditEntry | None, number: int, head: bytes) -> bytes:
    """Return the head after one link; raise when the link or its entry is not what it was."""
    if each.number != number:
        raise _Broken(number, f"Entry {number} was taken out of the chain.")
    if entry is None:
        raise _Broken(number, f"Entry {number} is missing.")
    if leaf_hash(entry.canonical()) != each.leaf:
        raise _Broken(number, f"Entry {number} was changed.")
    if link(head, each.leaf) != each.head:
        raise _Broken(number, f"The chain breaks at entry {number}.")
    return each.head


def _compare(anchors: list[Anchor], head: bytes) -> None:
    for anchor in anchors:
        if anchor.head != head:
            what = f"The chain up to entry {anchor.count} is not the one signed on {anchor.day}."
            raise _Broken(anchor.count, what)
