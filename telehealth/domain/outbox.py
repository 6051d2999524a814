"""Messages that must leave once: written with what caused them, sent by a worker, retried with back-off."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Channel(StrEnum):
    """How a message leaves."""

    EMAIL = "email"
    SMS = "sms"


class Delivery(StrEnum):
    """Where a message stands."""

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


PASSWORD_FORGOTTEN = "password-forgotten"  # noqa: S105 (a template's name)
"""No letter but a wish: somebody typed the address of `values["email"]`. Who it is, the worker looks up."""


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """One message to one person. `template` names its wording, `values` fills it.

    Links to visits are derived when it is sent.
    """

    id: str
    channel: Channel
    template: str
    person_id: str
    language: str
    values: dict[str, str]
    due_at: datetime
    organization_id: str
    visit_id: str = ""
    account_id: str = ""
    attempts: int = 0
    state: Delivery = Delivery.DUE
    last_error: str = ""


GIVE_UP_AFTER = 12


def next_try(attempts: int, now: datetime) -> datetime | None:
    """When to try again after `attempts` failures: 10 s doubling up to an hour; None means give up."""
    if attempts >= GIVE_UP_AFTER:
        return None
    return now + min(timedelta(seconds=10 * 2 ** (attempts - 1)), timedelta(hours=1))
