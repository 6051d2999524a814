"""An invitation to a known patient to choose the time of a visit by themselves, and what came of it."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

from telehealth.domain.errors import BadInput, FieldProblem, WrongState
from telehealth.domain.scheduling import whole_day
from telehealth.domain.sentences import N_

GOOD_FOR = timedelta(days=14)
"""What staff are proposed: so long after today is the last day."""
LONGEST = timedelta(days=184)
"""The last day is so far from today at most."""
REMINDED = timedelta(days=2)
"""So long before its last day an invitation is sent once more, where that is later than the first time."""
REMINDED_AT = time(10)
"""When on that day, as the patient's clock shows."""


class ChoiceState(StrEnum):
    """Where an invitation stands; all but an open one are for ever. It expires even before that is noted."""

    OPEN = "open"
    BOOKED = "booked"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Choice:
    """One patient's invitation to choose a time of one service: `organization_id` is the service's house.

    An empty `practitioner_id` is anybody. With `interpreter` the visit has one for the patient's language.
    Only times before `expires_at` can be chosen, and only until then. `digest` is the HMAC of its link's
    token, `code_digest` that of the code beside it; `tries` counts wrong birth dates typed with the code.
    `hold_id` is the appointment that keeps a time while it is checked, `visit_id` what came of it.
    """

    id: str
    organization_id: str
    patient_organization_id: str
    service_id: str
    patient_id: str
    practitioner_id: str
    interpreter: bool
    made_at: datetime
    expires_at: datetime
    digest: bytes
    code_digest: bytes
    state: ChoiceState = ChoiceState.OPEN
    opened_at: datetime | None = None
    hold_id: str = ""
    visit_id: str = ""
    tries: int = 0
    version: int = 0

    @property
    def last(self) -> datetime:
        """The last minute in which a time can be chosen: it lies on the last day."""
        return self.expires_at - timedelta(minutes=1)

    def standing(self, now: datetime) -> ChoiceState:
        """Return where it stands now."""
        over = self.state is ChoiceState.OPEN and now >= self.expires_at
        return ChoiceState.EXPIRED if over else self.state

    def opened(self, now: datetime) -> Self:
        """Return it as the patient has seen it."""
        return replace(self, opened_at=now, version=self.version + 1)

    def mistyped(self) -> Self:
        """Return it after a wrong birth date."""
        return replace(self, tries=self.tries + 1, version=self.version + 1)

    def keep(self, hold_id: str) -> Self:
        """Return it with the time that is kept for the patient; empty for none."""
        return replace(self, hold_id=hold_id, version=self.version + 1)

    def book(self, visit_id: str) -> Self:
        """Return it with the visit that came of it."""
        return replace(self.close(ChoiceState.BOOKED), visit_id=visit_id)

    def close(self, state: ChoiceState) -> Self:
        """Return it at its end; raises WrongState when it has ended already."""
        if self.state is not ChoiceState.OPEN:
            raise WrongState
        return replace(self, state=state, version=self.version + 1)


def ends(last: date, zone: str, now: datetime) -> datetime:
    """Return the end of the last day where the patient is; raises BadInput for one that cannot be."""
    today = now.astimezone(ZoneInfo(zone)).date()
    if last < today:
        raise BadInput(FieldProblem("last", "past", N_("This day is over.")))
    if last - today > LONGEST:
        raise BadInput(FieldProblem("last", "too-far", N_("Please choose at most six months.")))
    return whole_day(last, ZoneInfo(zone)).end


def reminded_at(expires_at: datetime, zone: str, now: datetime) -> datetime | None:
    """Return when the patient is reminded of an invitation that is sent now; None where that is too soon."""
    day = (expires_at.astimezone(ZoneInfo(zone)) - timedelta(minutes=1)).date() - REMINDED
    due = datetime.combine(day, REMINDED_AT, ZoneInfo(zone))
    return due if due - now > REMINDED else None
