"""Whatever people do: nothing reaches anyone who is not seated, and the roster is the seats."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from signaling.announcements import Ended, Relayed, Replaced, Roster
from signaling.effects import Accept, Close, Effect, Refuse, Send
from signaling.held import Held
from signaling.messages import Enter, Media, Signal
from signaling.pairs import first_of
from signaling.room import GRACE, Room
from signaling.seats import SeatState
from tests.unit.signaling.rooms import AMARA, BO, CY, LINA, NOOR, NOW, SAID, VISIT, answer, candidate, offer

PEOPLE = {"p": BO, "s": AMARA, "g1": LINA, "g2": CY, "g3": NOOR}
GUESTS = {"g1", "g2", "g3"}
ORDER = ("s", "p", "g1", "g2", "g3")
who = st.sampled_from(sorted(PEOPLE))
line = st.integers(1, 3)
small = st.integers(0, 4)
claims = st.dictionaries(who, st.tuples(small, small), max_size=3)


class Visit(RuleBasedStateMachine):
    """A model of who sits where, beside the room itself."""

    def __init__(self) -> None:
        super().__init__()
        self.room = Room(VISIT)
        self.now = NOW
        self.seated: dict[str, str | None] = {}
        """Participant → connection, None while away."""
        self.lost_at: dict[str, object] = {}
        self.seen: dict[tuple[str, str], tuple[int, int]] = {}
        """Connection and sender's pair → last (epoch, seq) that it got."""
        self.epochs: dict[frozenset[str], int] = {}
        """Pair → its epoch, as a roster told last."""

    def take(self, effects: list[Effect]) -> bool:
        """Check every effect against the model; return whether the asker was accepted."""
        accepted = bool(effects) and isinstance(effects[0], Accept)
        here = {connection for connection in self.seated.values() if connection}
        for effect in effects:
            if isinstance(effect, Send):
                told_to_go = isinstance(effect.message, (Replaced, Ended))
                assert told_to_go or effect.to in here, effect
                if isinstance(effect.message, Relayed):
                    self.check_order(effect.to, effect.message)
                if isinstance(effect.message, Roster):
                    self.check_roster(effect.to, effect.message)
            if isinstance(effect, Close):
                assert effect.connection not in here
        return accepted

    def check_roster(self, to: str, told: Roster) -> None:
        """Everybody is told the same people, and each pair the same epoch at both ends; none ever falls."""
        [reader] = [person for person, connection in self.seated.items() if connection == to]
        assert {member.id for member in told.members} == set(self.seated)
        assert {pair.other for pair in told.pairs} == set(self.seated) - {reader, first_of(reader)}
        epochs = {first_of(reader): told.epoch} | {pair.other: pair.epoch for pair in told.pairs}
        for other, epoch in epochs.items():
            pair = frozenset({reader, other})
            assert epoch >= self.epochs.get(pair, 0)
            self.epochs[pair] = epoch
        offering = [pair.other for pair in told.pairs if not pair.polite]
        assert all(ORDER.index(reader) < ORDER.index(each) for each in offering)

    def check_order(self, to: str, message: Relayed) -> None:
        [reader] = [person for person, connection in self.seated.items() if connection == to]
        pair = self.room.roster(reader)
        epochs = {first_of(reader): pair.epoch} | {each.other: each.epoch for each in pair.pairs}
        assert message.sender != reader
        assert message.epoch == epochs.get(message.sender, message.epoch)
        assert (message.epoch, message.seq) > self.seen.get((to, message.sender), (0, 0))
        self.seen[to, message.sender] = (message.epoch, message.seq)

    def name(self, person: str, number: int) -> str:
        return f"{person}{number}"

    @rule(person=who, number=line, epoch=small, since=small, pairs=claims)
    def enter(
        self, person: str, number: int, epoch: int, since: int, pairs: dict[str, tuple[int, int]]
    ) -> None:
        connection = self.name(person, number)
        before = dict(self.seated)
        room = len(GUESTS & set(self.seated)) < self.room.seats - 2
        allowed = person in self.seated or person not in GUESTS or room
        if allowed and not self.room.ended:
            self.seated[person] = connection
            self.seen = {key: last for key, last in self.seen.items() if key[0] != connection}
        held = tuple(Held(other, *facts) for other, facts in pairs.items())
        message = Enter(None, epoch, since, pairs=held)
        effects = self.room.enter(connection, PEOPLE[person], message, self.now)
        accepted = self.take(effects)
        assert accepted == (allowed and not self.room.ended)
        if not accepted:
            assert self.seated == before
            assert len(effects) == 1

    @rule(
        person=who,
        number=line,
        epoch=small,
        seq=small,
        kind=st.sampled_from([offer, answer, candidate]),
        to=st.none() | who,
    )
    def signal(self, person: str, number: int, epoch: int, seq: int, kind: object, to: str | None) -> None:
        connection = self.name(person, number)
        made: Signal = replace(kind(max(1, epoch), max(1, seq)), to=to)  # type: ignore[operator]
        effects = self.room.signal(connection, made)
        heard = {each.to for each in effects if isinstance(each, Send) and isinstance(each.message, Relayed)}
        assert heard <= {self.seated.get(to or first_of(person))}
        if self.seated.get(person) != connection:
            assert effects == [Refuse("not-a-member")]  # type: ignore[arg-type]
        self.take(effects)

    @rule(seats=st.integers(3, 5))
    def carry(self, seats: int) -> None:
        """The call is carried by something else from now on: whoever sits stays."""
        self.room.seats = seats

    @rule(person=who, number=line, on=st.booleans())
    def mute(self, person: str, number: int, *, on: bool) -> None:
        self.take(self.room.media(self.name(person, number), Media(on, video=True)))

    @rule()
    def say(self) -> None:
        effects = self.room.tell(SAID)
        self.take(effects)
        here = set(self.seated.values()) - {None}
        assert {effect.to for effect in effects if isinstance(effect, Send)} == here

    @rule(person=who, number=line)
    def beat(self, person: str, number: int) -> None:
        self.take(self.room.heard(self.name(person, number), self.now, beat=True))

    @rule(person=who, number=line)
    def lose(self, person: str, number: int) -> None:
        connection = self.name(person, number)
        if self.seated.get(person) == connection:
            self.seated[person] = None
            self.lost_at[person] = self.now
        self.take(self.room.connection_lost(connection, self.now))

    @rule(person=who, number=line)
    def leave(self, person: str, number: int) -> None:
        connection = self.name(person, number)
        if self.seated.get(person) == connection:
            del self.seated[person]
        self.take(self.room.leave(connection))

    @rule(person=who)
    def remove(self, person: str) -> None:
        self.seated.pop(person, None)
        self.take(self.room.remove(person, "revoked"))

    @rule(seconds=st.sampled_from([1, 19, 20, 30, 60]))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        before = dict(self.seated)
        for person, connection in before.items():
            if connection is None and self.now - self.lost_at[person] >= GRACE:  # type: ignore[operator]
                del self.seated[person]
        effects = self.room.tick(self.now)
        rosters = [each.message for each in effects if isinstance(each, Send)]
        if rosters:
            last = rosters[-1]
            assert isinstance(last, Roster)
            assert {member.id for member in last.members} == set(self.seated)

    @rule(really=st.integers(0, 9))
    def end(self, really: int) -> None:
        if really == 0:
            self.seated.clear()
            self.take(self.room.end("ended"))

    @invariant()
    def the_room_and_the_model_agree(self) -> None:
        assert self.room.participants() == set(self.seated)
        for person in PEOPLE:
            here = self.seated.get(person)
            expected = (
                SeatState.OUT if person not in self.seated else SeatState.HERE if here else SeatState.AWAY
            )
            assert self.room.state(person) is expected
        assert self.room.empty == (not self.seated)


TestVisit = Visit.TestCase
TestVisit.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
