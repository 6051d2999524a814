"""Whether a message reached nobody: every way that was tried is lost, and none waits any more."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.sql.expression import Alias, FromClause

from telehealth.domain.consultation import AWAITED
from telehealth.domain.outbox import LOST, Delivery
from telehealth.storage.rows.choices import choices
from telehealth.storage.rows.outbox import outbox
from telehealth.storage.rows.visits import visits
from telehealth.storage.rows.waitlist import offers


def lost_of_visit(templates: Collection[str]) -> ColumnElement[bool]:
    """Whether the row's visit is awaited and no message of these templates about it reached anybody.

    What was written before the visit was moved counts for nothing: its link is dead.
    """
    awaited = visits.c.status.in_(AWAITED)
    return and_(awaited, _one(templates, lost=True), ~_one(templates, lost=False))


def _one(templates: Collection[str], *, lost: bool) -> ColumnElement[bool]:
    other: Alias | FromClause = outbox.alias()
    state = other.c.state.in_(LOST) if lost else other.c.state.not_in(LOST)
    since = or_(visits.c.moved_at.is_(None), other.c.made_at >= visits.c.moved_at)
    return exists().where(other.c.visit_id == visits.c.id, other.c.template.in_(templates), state, since)


def lost_offer() -> ColumnElement[bool]:
    """Whether nobody was told of the row's offer."""
    about = outbox.c.offer_id == offers.c.id
    lost = exists().where(about, outbox.c.state.in_(LOST))
    return and_(lost, ~exists().where(about, outbox.c.state.not_in(LOST)))


def lost_choice() -> ColumnElement[bool]:
    """Whether what was sent of the row's invitation is lost; a reminder to come says nothing."""
    about = outbox.c.choice_id == choices.c.id
    planned = and_(outbox.c.state == Delivery.DUE, outbox.c.attempts == 0, outbox.c.due_at > outbox.c.made_at)
    lost = exists().where(about, outbox.c.state.in_(LOST))
    return and_(lost, ~exists().where(about, outbox.c.state.not_in(LOST), ~planned))


def only_lost(of: FromClause) -> ColumnElement[bool]:
    """Whether a message of `of` is lost and none of its kind about its visit is not."""
    other = outbox.alias()
    better = exists().where(
        other.c.visit_id == of.c.visit_id, other.c.template == of.c.template, other.c.state.not_in(LOST)
    )
    return and_(of.c.state.in_(LOST), ~better)
