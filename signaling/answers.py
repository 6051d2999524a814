"""One event in, one acknowledgement out: the only place where refusals become answers."""

import logging
from dataclasses import dataclass

from signaling.effects import Accept, Close, Effect, Refuse
from signaling.events import Events
from signaling.limits import Bucket, Limits, bucket
from signaling.messages import Wire, parse_client
from signaling.presence import Connection
from signaling.refusals import SENTENCES, Code, Misread, code_of
from telehealth.domain.errors import Refused
from telehealth.services.ports import Clock

logger = logging.getLogger("signaling.answers")


CHEAP = frozenset({"signal", "probe"})
"""Events that touch neither the database nor, unless they are forwarded, anybody else."""


@dataclass(slots=True)
class Budget:
    """What one connection may still do."""

    events: Bucket
    costly: Bucket
    refusals: Bucket


def refusal(code: Code, detail: str = "") -> Wire:
    """Write a refusal: the stable code for programs, a sentence for people."""
    return {"ok": False, "code": code.value, "detail": detail or SENTENCES[code]}


class Answers:
    """Answers events, within each connection's budget."""

    def __init__(self, events: Events, clock: Clock, limits: Limits) -> None:
        self._events = events
        self._clock = clock
        self._limits = limits
        self._budgets: dict[str, Budget] = {}

    def __len__(self) -> int:
        return len(self._budgets)

    def begin(self, connection_id: str) -> None:
        """Give a new connection its budget."""
        now = self._clock.now().timestamp()
        limits = self._limits
        rates = (limits.events, limits.costly_events, limits.refusals)
        self._budgets[connection_id] = Budget(*(bucket(rate, now) for rate in rates))

    def forget(self, connection_id: str) -> None:
        """Forget a connection that is gone."""
        self._budgets.pop(connection_id, None)

    async def answer(
        self, connection: Connection | None, event: str, body: object
    ) -> tuple[Wire, list[Effect]]:
        """Return the acknowledgement of one event, and the effects to perform once it is on its way.

        Whatever goes wrong in an event is told to its sender and to nobody else; who collects refusals is
        closed.
        """
        budget = self._budgets.get(connection.id) if connection else None
        if connection is None or budget is None or connection.gone:
            return refusal(Code.NOT_A_MEMBER), []
        first, *effects = await self._attempt(connection, budget, event, body)
        if isinstance(first, Refuse):
            logger.info(
                "refused",
                extra={"session_id": connection.actor.session_id, "event": event, "code": first.code},
            )
            if not budget.refusals.take(self._clock.now().timestamp()):
                effects.append(Close(connection.id, "refusals"))
            return refusal(first.code, first.detail), effects
        more = first.body if isinstance(first, Accept) else {}
        return {"ok": True, **more}, effects

    async def _attempt(
        self, connection: Connection, budget: Budget, event: str, body: object
    ) -> list[Effect]:
        now = self._clock.now().timestamp()
        if not budget.events.take(now) or (event not in CHEAP and not budget.costly.take(now)):
            return [Refuse(Code.TOO_FAST)]
        try:
            return await self._events.handle(connection, parse_client(event, body))
        except Misread as misread:
            return [Refuse(misread.code, misread.detail)]
        except Refused as refused:
            return [Refuse(code_of(refused), refused.detail)]
        except Exception:
            logger.exception(
                "event failed", extra={"event": event, "session_id": connection.actor.session_id}
            )
            return [Refuse(Code.UNAVAILABLE)]
