"""How much is allowed, and the token buckets that count it. Time is an argument, in seconds."""

from dataclasses import dataclass, field
from datetime import timedelta

from signaling.room import GRACE


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` at once, and then `per_second` again and again."""

    per_second: float
    burst: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Every limit of this door (security.md, Rate limits). Tests and benches pass their own."""

    events: Rate = Rate(per_second=40, burst=80)
    costly_events: Rate = Rate(per_second=2, burst=20)
    """Of those that reach the database or everyone's roster: all but `signal` and `probe`."""
    refusals: Rate = Rate(per_second=4, burst=40)
    frames: Rate = Rate(per_second=100, burst=400)
    connects_of_address: Rate = Rate(per_second=1, burst=60)
    connects_of_session: Rate = Rate(per_second=10 / 60, burst=10)
    connections: int = 20_000
    connections_of_session: int = 2
    message_bytes: int = 65536
    queued_packets: int = 200
    refused_connects: int = 3
    connect_within: float = 10.0
    """Seconds from the upgrade to Socket.IO's CONNECT."""
    close_within: float = 2.0
    """Seconds for the closing handshake before the connection is aborted."""
    drain_within: float = 5.0
    """Seconds for all closing handshakes of a drain together."""
    tick_every: float = 1.0
    grace: timedelta = GRACE
    ping_interval: float = 25
    ping_timeout: float = 20
    requests: Rate = Rate(per_second=10, burst=60)
    """Of one connection without a socket."""
    body_within: float = 10.0
    """Seconds for the body of such a request."""
    batch: int = 32
    """Events that one request may bring."""
    hold: float = 25.0
    """Seconds that a question for news is held when there are none."""
    silence: timedelta = timedelta(seconds=45)
    """Without a question until the connection counts as lost: as long as a socket's pings take."""


@dataclass(slots=True)
class Bucket:
    """One token bucket; full when new."""

    rate: Rate
    tokens: float
    at: float

    def take(self, now: float) -> bool:
        """Take one token; False when there is none. A clock that steps back gives nothing."""
        self.tokens = min(self.rate.burst, self.tokens + max(0.0, now - self.at) * self.rate.per_second)
        self.at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True

    def full(self, now: float) -> bool:
        """Whether nothing is remembered here any more."""
        return self.tokens + (now - self.at) * self.rate.per_second >= self.rate.burst


def bucket(rate: Rate, now: float) -> Bucket:
    """Return a full bucket."""
    return Bucket(rate, rate.burst, now)


@dataclass(slots=True)
class Buckets:
    """A bucket for each key; the full ones are forgotten by `prune`."""

    rate: Rate
    _kept: dict[str, Bucket] = field(default_factory=dict)

    def take(self, key: str, now: float) -> bool:
        """Take one token of `key`."""
        return self._kept.setdefault(key, bucket(self.rate, now)).take(now)

    def prune(self, now: float) -> None:
        """Forget who has not been seen for long enough."""
        self._kept = {key: kept for key, kept in self._kept.items() if not kept.full(now)}

    def __len__(self) -> int:
        return len(self._kept)
