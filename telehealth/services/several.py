"""What a message about several visits says: those of a series, or those of a patient that were changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from telehealth.calendars import Entry
from telehealth.domain.consultation import AWAITED
from telehealth.domain.outbox import CANCELLED, CHANGES, SERIES_CANCELLED, OutboxMessage
from telehealth.services.calendar_entries import entry_of, series_within
from telehealth.services.gathering import NEWS, News, alone, line_of, news_of
from telehealth.services.repositories import DayRow, UnitOfWork
from telehealth.services.visit_making import Invitations


@dataclass(frozen=True, slots=True)
class Dated:
    """One of several visits as a list names it: `off` says that it is cancelled, `who` whom the patient sees.

    Without a `link` there is none to open.
    """

    at: datetime
    link: str = ""
    who: str = ""
    off: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What a message is about: a time, facts by name, what calendars learn, and several visits' times."""

    at: datetime
    values: Mapping[str, str]
    entries: tuple[Entry, ...] = ()
    dates: tuple[Dated, ...] = ()


def way_in(link: str, code: str) -> dict[str, str]:
    """Return a link, the code beside it, and where that is typed: as people type it, no second link."""
    page = link.partition("?")[0].partition("://")[2]
    return {"link": link, "code": code, "page": page}


async def of_series(
    uow: UnitOfWork, invitations: Invitations, message: OutboxMessage, row: DayRow, now: datetime
) -> Facts | None:
    """Return what a message about a series says: what is ahead of it now, or what was cancelled.

    None where nothing is ahead any more.
    """
    visits, entry = await series_within(uow, row.appointment.series_id)
    if message.template == SERIES_CANCELLED:
        off = [datetime.fromisoformat(each) for each in message.values["starts"].split()]
        return Facts(off[0], {"count": str(len(off))}, (entry,), tuple(Dated(each) for each in off))
    ahead = [(each, each.link) for each in visits if each.visit.status in AWAITED]
    dates = [
        Dated(each.appointment.start, invitations.url(link, message.language))
        for each, link in ahead
        if link is not None and now < each.appointment.end
    ]
    if not dates:
        return None
    first = dates[0]
    return Facts(first.at, {"count": str(len(dates)), "link": first.link}, (entry,), tuple(dates))


async def still_new(uow: UnitOfWork, message: OutboxMessage, now: datetime) -> OutboxMessage | None:
    """Return the message about what is still so; of one visit it is the one that it would have been alone.

    Where all of them are off it has the words that cancel a series; None where everything changed since.
    """
    if message.template != CHANGES:
        return message
    news = news_of(message)
    rows = await uow.visits.rows([each.visit_id for each in news])
    left = [each for each in news if each.visit_id in rows and _holds(each, rows[each.visit_id], now)]
    if not left:
        return None
    if len(left) == 1:
        return alone(message, left[0])
    off = all(each.template == CANCELLED for each in left)
    return replace(
        message,
        template=SERIES_CANCELLED if off else CHANGES,
        visit_id=left[0].visit_id,
        values=message.values | {NEWS: "\n".join(line_of(each) for each in left)},
    )


async def of_changes(uow: UnitOfWork, invitations: Invitations, message: OutboxMessage) -> Facts:
    """Return what a message about changed visits says, earliest first; those that are off have no link."""
    news = sorted(news_of(message), key=lambda each: each.start)
    rows = await uow.visits.rows([each.visit_id for each in news])
    people = {each.id: each.display for each in await uow.directory.practitioners()}
    dates = []
    for each in news:
        row = rows[each.visit_id]
        off = each.template == CANCELLED
        link = "" if off or row.link is None else invitations.url(row.link, message.language)
        dates.append(Dated(each.start, link, people.get(row.visit.practitioner_id, ""), off))
    first = next((each for each in dates if each.link), dates[0])
    values = {"count": str(len(dates)), "link": first.link}
    return Facts(first.at, values, await _entries(uow, rows.values()), tuple(dates))


def _holds(news: News, row: DayRow, now: datetime) -> bool:
    """Whether a change is still as it was told, and the patient still needs to know."""
    if news.template == CANCELLED:
        return True
    return row.visit.status in AWAITED and row.appointment.start == news.start and now < row.appointment.end


async def _entries(uow: UnitOfWork, rows: Iterable[DayRow]) -> tuple[Entry, ...]:
    """Return what calendars learn: each visit by itself, and of a series all of it at once."""
    found: dict[str, Entry] = {}
    for row in rows:
        series = row.appointment.series_id
        if not series:
            found[row.visit.id] = await entry_of(uow, row)
        elif series not in found:
            found[series] = (await series_within(uow, series))[1]
    return tuple(found.values())
