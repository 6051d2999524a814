"""Several changes for one patient, made one after the other, become one message that lists them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from telehealth.domain.outbox import CHANGES, GATHERS, LOST, OutboxMessage
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work

NEWS = "news"
"""Under this name a message of `CHANGES` keeps what it is about: one line for each visit."""


@dataclass(frozen=True, slots=True)
class News:
    """What became of one visit: the template of its own message, and the time that this one is about."""

    template: str
    visit_id: str
    start: datetime


async def gather(uow: UnitOfWork, messages: Sequence[OutboxMessage], now: datetime) -> None:
    """Put the messages about one visit into the outbox, within those that wait to the same person.

    Each change stands with its message in one transaction, so a crash in between loses none.
    """
    if not messages:
        return
    waiting = {
        (each.channel, each.organization_id): each
        for each in await uow.outbox.gathering(messages[0].person_id, now)
    }
    for each in messages:
        earlier = waiting.get((each.channel, each.organization_id))
        if earlier is None:
            await uow.outbox.put(replace(each, due_at=now + GATHERS))
        else:
            await uow.outbox.save(_with(earlier, each, now))


def news_of(message: OutboxMessage) -> list[News]:
    """Return what a message is about, in the order in which it happened."""
    lines = message.values.get(NEWS, "").splitlines()
    if not lines:
        return [News(message.template, message.visit_id, datetime.fromisoformat(message.values["start"]))]
    parts = [line.split(" ") for line in lines]
    return [News(template, visit, datetime.fromisoformat(start)) for template, visit, start in parts]


def line_of(news: News) -> str:
    """Return a piece of news as a message keeps it; `news_of` reads it."""
    return f"{news.template} {news.visit_id} {news.start.isoformat()}"


def alone(message: OutboxMessage, news: News) -> OutboxMessage:
    """Return the message about that one visit, as it would have been without others."""
    values = {"start": news.start.isoformat()}
    return replace(message, template=news.template, visit_id=news.visit_id, values=values)


def kept_of(message: OutboxMessage) -> dict[str, str]:
    """Return what a message keeps when it is on its way: which visits it is about, and nothing of a link."""
    return {name: value for name, value in message.values.items() if name == NEWS}


async def settle(work: Work, uow: UnitOfWork, settled: OutboxMessage) -> None:
    """Write how a message stands now; one that is lost is lost at each visit that it was about.

    Whoever asks whether a patient was told of a visit finds it at that visit.
    """
    await uow.outbox.save(settled)
    if settled.state in LOST:
        await _lose(work, uow, settled)


async def _lose(work: Work, uow: UnitOfWork, lost: OutboxMessage) -> None:
    """Put beside a lost message one for each further visit that it was about, as lost as it is."""
    if NEWS not in lost.values:
        return
    now, further = work.clock.now(), [each for each in news_of(lost) if each.visit_id != lost.visit_id]
    lone = [replace(alone(lost, each), id=work.identifier(), values={}, made_at=now) for each in further]
    await uow.outbox.put(*lone)


def _with(earlier: OutboxMessage, later: OutboxMessage, now: datetime) -> OutboxMessage:
    """Return one message about both; of the same visit only what came last is news."""
    about = {each.visit_id: each for each in [*news_of(earlier), *news_of(later)]}
    if len(about) == 1:
        return replace(later, id=earlier.id, due_at=now + GATHERS)
    values = earlier.values | {NEWS: "\n".join(line_of(each) for each in about.values())}
    both = replace(earlier, template=CHANGES, values=values)
    return replace(both, due_at=now + GATHERS, made_at=later.made_at, changed_at=now)
