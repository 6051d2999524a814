"""Putting a backup back: read through to its end first, then into an empty database, all or nothing."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field

from telehealth.domain.access import SYSTEM
from telehealth.domain.audit import AuditAction
from telehealth.services.audit_chain import AuditChain
from telehealth.services.backup_ports import BackupRefused, Row, TableShape, Target
from telehealth.services.backup_stream import AnchorLine, Item, Opening
from telehealth.services.backups import BACKUP, Report
from telehealth.services.trail import Work, enter

RESTORING = "restoring"
"""The meta entry of a database that was filled, but not yet made ready to be served from."""
META = TableShape("meta", (("name", "text"), ("value", "text")))
KEY_ID = ("key_id", "text")
BATCH = 500


@dataclass(slots=True)
class Contents:
    """What a backup holds, after it was read to its end."""

    revision: str = ""
    tables: int = 0
    rows: int = 0
    anchors: list[str] = field(default_factory=list)
    key_ids: set[str] = field(default_factory=set)


def read_through(items: Iterable[Item], report: Report) -> Contents:
    """Read everything and keep nothing but what has to be known before it is put back."""
    found, table = Contents(), ""
    keyed: int | None = None
    for item in items:
        if isinstance(item, Opening):
            found.revision = item.revision
        elif isinstance(item, AnchorLine):
            found.anchors.append(item.text)
        elif isinstance(item, TableShape):
            keyed = item.columns.index(KEY_ID) if KEY_ID in item.columns else None
            found.tables, table = found.tables + 1, item.name
        else:
            found.rows += 1
            key_id = None if keyed is None else item[keyed]
            if key_id is not None:
                found.key_ids.add(key_id.decode())
            if found.rows % BATCH == 0:
                report(table, found.rows)
    return found


def require_known(contents: Contents, target: Target) -> None:
    """Raise BackupRefused where the backup's schema is newer than this program."""
    if not target.knows(contents.revision):
        raise BackupRefused(
            f"the backup has the schema {contents.revision}, which this version does not know:"
            " install the newer one"
        )


async def load(items: Iterable[Item], target: Target, contents: Contents, made: str, report: Report) -> None:
    """Put everything into an empty database, which is marked as not ready yet."""
    async with target.loading(contents.revision) as database:
        rows = 0
        for table, some in _batches(items):
            await database.put(table, some)
            rows += len(some)
            report(table.name, rows)
        await database.put(META, [(RESTORING.encode(), made.encode())])


def _batches(items: Iterable[Item]) -> Iterator[tuple[TableShape, list[Row]]]:
    """Yield the rows, some at a time, each lot with its table."""
    table, waiting = META, list[Row]()
    for item in items:
        if isinstance(item, tuple):
            waiting.append(item)
        if waiting and (isinstance(item, TableShape) or len(waiting) == BATCH):
            yield table, waiting
            waiting = []
        if isinstance(item, TableShape):
            table = item
    if waiting:
        yield table, waiting


class Aftermath:
    """What has to be done before a restored database may be served from.

    Whoever was signed in at the backup's moment may have been signed out since, and whoever was in a visit
    shown out: everybody signs in anew, and opens the link to their visit anew.
    """

    def __init__(self, *, work: Work, chain: AuditChain) -> None:
        self._work, self._chain = work, chain

    async def settle(self, made: str, set_aside: Callable[[], Awaitable[int]] | None) -> int:
        """Make it ready; return how many messages were set aside, where that is wanted."""
        async with self._work.units.writing() as uow:
            await uow.outbox.forget_unreadable()
        messages, now = await set_aside() if set_aside else 0, self._work.clock.now()
        async with self._work.units.writing() as uow:
            await uow.accounts.end_every_session(now)
            await uow.visits.end_every_session(now)
            await uow.guests.invite_all_anew(now)
            await enter(self._work, uow, SYSTEM, AuditAction.BACKUP_RESTORED, entity=BACKUP, entity_id=made)
            await uow.meta.remove(RESTORING)
        await self._chain.restored()
        return messages
