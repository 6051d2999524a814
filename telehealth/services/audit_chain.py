"""The audit log's chain: linking new entries, signing its head now and then, telling whether it is whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from telehealth.crypto.chain import GENESIS, leaf_hash, link
from telehealth.domain.audit import AuditEntry, ChainLink
from telehealth.services.anchors import Anchor, Broken, checked, newest, read_anchor, signed_anchor
from telehealth.services.repositories import UnitOfWork
from telehealth.services.stored_versions import WrittenVersions
from telehealth.services.trail import Work

BATCH = 500
UNLINKED_SHOWN = 100_000


class AnchorStore(Protocol):
    """Where signed heads are kept, away from the database."""

    def lines(self) -> list[str]:
        """Return all anchors, oldest first, one text each."""

    def append(self, line: str) -> None:
        """Keep one more, on disk before this returns, and remember it apart from the others."""

    def remembered(self) -> str:
        """Return the newest one as it is remembered apart from the others, empty before the first."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of the chain found.

    `linked` entries are in the chain, `unlinked` ones wait (a second at most while the service runs),
    `anchored` are covered by the newest signed head. `problem` is a sentence, `number` the entry it is about.
    `losses` tell of backups that were put back: what is missing since then is no tampering.
    """

    ok: bool
    linked: int
    unlinked: int
    anchored: int = 0
    problem: str = ""
    number: int = 0
    losses: tuple[str, ...] = ()


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
        before = newest(self._anchors.lines(), self._anchors.remembered())
        last = read_anchor(before) if before else None
        if head is None or (last is not None and last.count >= head.number):
            return False
        now = self._work.clock.now()
        self._anchors.append(signed_anchor(self._key, head.number, head.head, now, before))
        return True

    async def restored(self) -> None:
        """Sign the head of a log that a backup brought back, and with it what is lost of a later one, if any.

        Without it the anchor that the key store remembers would be missing for ever, and nothing be signed.
        """
        await self.link_new()
        lines, remembered = self._anchors.lines(), self._anchors.remembered()
        async with self._work.units.reading() as uow:
            head = await uow.audit.head()
        if head is None or not remembered or remembered in lines:
            await self.anchor()
            return
        now, before = self._work.clock.now(), lines[-1] if lines else ""
        self._anchors.append(signed_anchor(self._key, head.number, head.head, now, before, lost=remembered))

    async def seal(self) -> None:
        """Link and anchor all there is: at a server's start and at its orderly end."""
        await self.link_new()
        await self.anchor()

    async def verify(self) -> Verdict:
        """Walk the chain against its entries and anchors, then what it tells of against what is stored."""
        linked = unlinked = 0
        async with self._work.units.reading() as uow:
            try:
                waiting = await _waiting(uow)
                unlinked = len(waiting)
                head = await uow.audit.head()
                linked = head.number if head else 0
                written = WrittenVersions()
                anchored = await self._walk(uow, written)
                await _no_strays(uow)
                await _compare_versions(uow, written, waiting)
            except Broken as broken:
                return Verdict(False, linked, unlinked, 0, broken.problem, broken.number)
        return Verdict(True, linked, unlinked, anchored, losses=_losses(self._anchors.lines()))

    async def _walk(self, uow: UnitOfWork, written: WrittenVersions) -> int:
        """Check every link, then every anchor; return what the newest anchor covers."""
        expected = checked(self._anchors.lines(), self._anchors.remembered(), self._key)
        number, head = 0, GENESIS
        while pairs := await _pairs(uow, number):
            touched = await uow.audit.touched([entry.id for _, entry in pairs if entry is not None])
            for each, entry in pairs:
                number, head = number + 1, _step(each, entry, number + 1, head)
                _compare(expected.get(number, []), head)
                if entry is not None:
                    _subjects(number, entry, touched)
                    written.hear(number, entry)
        cut = next(
            (each for count, found in sorted(expected.items()) if count > number for each in found), None
        )
        if cut is not None:
            what = (
                f"The chain ends at {number}, but on {cut.day} it had {cut.count} entries: its end was cut."
            )
            raise Broken(number, what)
        return max(expected, default=0)


def _losses(lines: Sequence[str]) -> tuple[str, ...]:
    """Return a sentence for each backup that was put back after the log had gone on; `lines` are checked."""
    told = []
    for each in filter(None, map(read_anchor, lines)):
        lost = read_anchor(each.lost)
        if lost is not None:
            told.append(
                f"On {each.day} a backup was put back, and this log goes on with entry {each.count}."
                f" What came after the backup is lost: on {lost.day} there were {lost.count} entries."
            )
    return tuple(told)


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
        raise Broken(number, f"Entry {number} was taken out of the chain.")
    if entry is None:
        raise Broken(number, f"Entry {number} is missing.")
    if leaf_hash(entry.canonical()) != each.leaf:
        raise Broken(number, f"Entry {number} was changed.")
    if link(head, each.leaf) != each.head:
        raise Broken(number, f"The chain breaks at entry {number}.")
    return each.head


async def _compare_versions(uow: UnitOfWork, written: WrittenVersions, waiting: list[AuditEntry]) -> None:
    for entry in waiting:
        written.hear(0, entry)
    rollback = await written.rolled_back(uow)
    if rollback is not None:
        raise Broken(rollback.number, rollback.problem)


def _compare(anchors: list[Anchor], head: bytes) -> None:
    for anchor in anchors:
        if anchor.head != head:
            what = f"The chain up to entry {anchor.count} is not the one signed on {anchor.day}."
            raise Broken(anchor.count, what)


async def _pairs(uow: UnitOfWork, after: int) -> list[tuple[ChainLink, AuditEntry | None]]:
    """Return the next links with their entries; raise for an entry that holds what none can hold."""
    try:
        return await uow.audit.chain(after, BATCH)
    except (ValueError, TypeError):
        for number in range(after, after + BATCH):
            try:
                await uow.audit.chain(number, 1)
            except (ValueError, TypeError) as odd:
                raise Broken(number + 1, f"Entry {number + 1} cannot be read: it was changed.") from odd
        raise


async def _waiting(uow: UnitOfWork) -> list[AuditEntry]:
    try:
        return await uow.audit.unlinked(UNLINKED_SHOWN)
    except (ValueError, TypeError) as odd:
        raise Broken(0, "An entry that is not linked yet cannot be read: it was changed.") from odd


async def _no_strays(uow: UnitOfWork) -> None:
    """Raise when an entry claims a place in the chain that it has not, or has one and denies it."""
    stray = await uow.audit.stray()
    if stray:
        raise Broken(0, f"Entry {stray} is not where the log says: it was forged, or its link taken out.")


def _subjects(number: int, entry: AuditEntry, touched: Mapping[str, frozenset[str]]) -> None:
    """Raise when the patients under whom an entry is found are not those it names."""
    if touched.get(entry.id, frozenset()) != frozenset(entry.patient_ids) - {""}:
        raise Broken(number, f"The patients of entry {number} are not those that it was written with.")
