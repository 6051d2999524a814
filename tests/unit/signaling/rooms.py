"""Bo and Dr Amara, their seats and what they say: for the tests of the room."""

from datetime import UTC, datetime, timedelta

from signaling.announcements import Relayed, Roster
from signaling.effects import Accept, Effect, Refuse, Send
from signaling.messages import Candidate, Description, Enter, Signal
from signaling.room import Room
from signaling.speech import Said
from telehealth.domain.conversation import Kind, Phrase
from telehealth.domain.guests import GuestKind
from telehealth.domain.seating import Seat

VISIT = "01960c5e-6f5b-7c3a-9d55-0f6a1c2b3d4e"
GRACE_OF_TESTS = timedelta(seconds=60)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
BO = Seat(VISIT, "p", "patient", "Bo L.", polite=True, relay_only=False)
AMARA = Seat(VISIT, "s", "specialist", "Dr Amara Okafor", polite=False, relay_only=False)
LINA = Seat(VISIT, "g1", "guest", "Lina", polite=True, relay_only=False)
CY = Seat(VISIT, "g2", "guest", "Cy", polite=True, relay_only=False)
NOOR = Seat(VISIT, "g3", "guest", "Noor", polite=True, relay_only=False, part=GuestKind.SIGNER)
"""Bo's daughter, a stranger and who interprets: guests of whom two have a seat."""

SAID = Said(1, "one", "s", "Dr Amara Okafor", Kind.CAPTION, Phrase.LOUDER, "", NOW)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def fresh(since: int = 0) -> Enter:
    return Enter(None, 0, since)


def with_epoch(epoch: int, since: int = 0) -> Enter:
    return Enter(None, epoch, since)


def offer(epoch: int, seq: int, name: str = "k1") -> Signal:
    return Signal(epoch, seq, Description("offer", name, f"v=0 {name}\r\n"))


def answer(epoch: int, seq: int, name: str = "k1") -> Signal:
    return Signal(epoch, seq, Description("answer", name, "v=0\r\n"))


def candidate(epoch: int, seq: int, text: str = "candidate:1 1 udp 1 192.0.2.7 9 typ host") -> Signal:
    return Signal(epoch, seq, Candidate(text, "0", 0, None))


def call() -> Room:
    """Return a room in which Bo (on b1) and Dr Amara (on a1) sit, in epoch 1, and nothing was said."""
    room = Room(VISIT)
    room.enter("b1", BO, fresh(), NOW)
    room.enter("a1", AMARA, fresh(), NOW)
    return room


def accepted(effects: list[Effect]) -> dict[str, object]:
    assert isinstance(effects[0], Accept), effects[0]
    return effects[0].body


def refusal(effects: list[Effect]) -> str:
    [only] = effects
    assert isinstance(only, Refuse), only
    return only.code


def relayed(effects: list[Effect], to: str) -> list[Relayed]:
    sent = [effect.message for effect in effects if isinstance(effect, Send) and effect.to == to]
    return [message for message in sent if isinstance(message, Relayed)]


def rosters(effects: list[Effect]) -> dict[str, Roster]:
    sent = [effect for effect in effects if isinstance(effect, Send)]
    return {effect.to: effect.message for effect in sent if isinstance(effect.message, Roster)}
