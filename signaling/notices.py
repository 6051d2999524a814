"""What a notice of the services means for the people who are connected: effects, as from a room."""

from datetime import datetime

from signaling.announcements import ClinicLine, Ended, Replaced, SignedOut, Visit
from signaling.effects import Close, Effect, Send
from signaling.letting_in import LettingIn
from signaling.news import Guest, Message, Moved, Place, Priority, Queue, Running
from signaling.preparing import Preparing
from signaling.presence import Presence
from signaling.rooms import Rooms
from telehealth.domain import queue
from telehealth.domain.access import Actor, ActorKind
from telehealth.domain.guests import GuestState
from telehealth.domain.notices import (
    DeviceMoved,
    GuestChanged,
    LockChanged,
    MessageLeft,
    PlacesChanged,
    PriorityChanged,
    QueueChanged,
    RunningChanged,
    SessionsEnded,
    VisitChanged,
    VisitEnded,
    VisitMoved,
)
from telehealth.domain.people import Role


class Notices:
    """Turns notices into effects."""

    def __init__(self, presence: Presence, rooms: Rooms, preparing: Preparing, letting_in: LettingIn) -> None:
        self._presence = presence
        self._rooms = rooms
        self._preparing = preparing
        self._letting_in = letting_in

    def visit_changed(self, notice: VisitChanged) -> list[Effect]:
        """Tell the patient and the watching specialist; behind a locked screen only of the running call."""
        self._rooms.moved(notice.visit_id)
        self._preparing.moved(notice)
        visit = Visit(notice.visit_id, notice.status, notice.since)
        line = ClinicLine(
            notice.visit_id,
            notice.status,
            notice.device,
            notice.connection,
            notice.since,
            notice.test,
            notice.asking,
        )
        effects: list[Effect] = []
        for watcher in self._presence.watchers(notice.practitioner_id):
            if not watcher.locked:
                effects.append(Send(watcher.id, line))
            if not watcher.locked or watcher.room == notice.visit_id:
                effects.append(Send(watcher.id, visit))
        let_in = self._letting_in.tell(notice, visit)
        told = {effect.to for effect in let_in if isinstance(effect, Send)}
        visitors = self._presence.visitors(notice.visit_id)
        return [*effects, *let_in, *(Send(each.id, visit) for each in visitors if each.id not in told)]

    def of_the_line(
        self,
        notice: PlacesChanged | MessageLeft | RunningChanged | PriorityChanged | GuestChanged | VisitMoved,
    ) -> list[Effect]:
        """Tell those who wait and guests what is theirs, and the watching specialist about the clinic."""
        match notice:
            case PlacesChanged(_, places, at):
                told = [(each.visit_id, _place(each, at)) for each in places]
                return [
                    Send(visitor.id, place)
                    for visit_id, place in told
                    for visitor in self._presence.visitors(visit_id)
                ]
            case MessageLeft(visit_id):
                return [Send(each.id, Message(visit_id)) for each in self._presence.visitors(visit_id)]
            case RunningChanged(practitioner_id, late, late_reason, paused, pause_reason):
                return self._watching(practitioner_id, Running(late, late_reason, paused, pause_reason))
            case PriorityChanged(visit_id, practitioner_id, priority):
                self._preparing.consider(practitioner_id)
                return self._watching(practitioner_id, Priority(visit_id, priority))
            case GuestChanged():
                return self._guest_changed(notice)
            case VisitMoved(visit_id, practitioner_id):
                return [
                    *self._watching(practitioner_id, Moved(visit_id)),
                    *(Send(each.id, Message(visit_id)) for each in self._presence.visitors(visit_id)),
                ]

    def _watching(self, practitioner_id: str, message: Running | Priority | Moved) -> list[Effect]:
        watchers = self._presence.watchers(practitioner_id)
        return [Send(watcher.id, message) for watcher in watchers if not watcher.locked]

    def queue_changed(self, notice: QueueChanged) -> list[Effect]:
        """Tell staff of the clinics and the specialists who may call, as far as they watch."""
        return [
            Send(each.id, Queue())
            for each in self._presence.everyone()
            if each.watching and not each.locked and _concerned(each.actor, notice)
        ]

    def visit_ended(self, notice: VisitEnded) -> list[Effect]:
        """Close the room, and tell the patient who waits outside too."""
        self._rooms.moved(notice.visit_id)
        held = self._rooms.get(notice.visit_id)
        effects = self._outside(held.room.end(notice.reason)) if held else []
        told = {effect.to for effect in effects if isinstance(effect, Send)}
        waiting = self._presence.visitors(notice.visit_id) + self._presence.guests(notice.visit_id)
        ended = Ended(notice.visit_id, notice.reason)
        return effects + [Send(each.id, ended) for each in waiting if each.id not in told]

    def sessions_ended(self, notice: SessionsEnded) -> list[Effect]:
        """Show everyone of these sessions out: their seats are free at once."""
        effects: list[Effect] = []
        for connection in self._presence.of_sessions(notice.session_ids):
            held = self._rooms.get(connection.place)
            if held is not None:
                prepared, connection.room, connection.prepares = connection.prepares, None, None
                staff = connection.actor.kind is ActorKind.STAFF
                revoked = not staff and prepared is None
                effects += held.room.revoke(connection.id) if revoked else held.room.leave(connection.id)[1:]
            effects += [Send(connection.id, SignedOut()), Close(connection.id, "signed out")]
        return effects

    def device_moved(self, notice: DeviceMoved) -> list[Effect]:
        """Part with the patient's older device; its seat is kept until the new one enters: nobody left."""
        self._rooms.moved(notice.visit_id)
        effects: list[Effect] = []
        for connection in self._presence.of_sessions((notice.older_session_id,)):
            effects += [Send(connection.id, Replaced("device")), Close(connection.id, "replaced")]
        return effects

    def _guest_changed(self, notice: GuestChanged) -> list[Effect]:
        """Tell the watching specialist and the guest, and the patient who waits to be let in.

        Behind a locked screen the specialist hears only of the running call.
        """
        self._rooms.moved(notice.visit_id)
        told = Guest(notice.visit_id, notice.guest_id, notice.state)
        watchers = self._presence.watchers(notice.practitioner_id)
        seeing = [each for each in watchers if not each.locked or each.room == notice.visit_id]
        own = self._presence.of_sessions((notice.guest_id,))
        waits = notice.state is GuestState.WAITING
        patient = self._presence.visitors(notice.visit_id) if waits else []
        effects: list[Effect] = [Send(each.id, told) for each in [*seeing, *own, *patient]]
        return effects if notice.state is GuestState.ADMITTED else effects + self._out(notice)

    def _out(self, notice: GuestChanged) -> list[Effect]:
        """Free the seat of a guest who is let in no longer, even if their page said so over HTTP alone."""
        held = self._rooms.get(notice.visit_id)
        if held is None:
            return []
        for connection in self._presence.of_sessions((notice.guest_id,)):
            connection.room = None
        seats = [who for who, actor in held.actors.items() if actor.id == notice.guest_id]
        return [effect for who in seats for effect in held.room.remove(who, "revoked")]

    def lock_changed(self, notice: LockChanged) -> None:
        """Note on every connection of the session whether its screen is locked."""
        for connection in self._presence.of_sessions((notice.session_id,)):
            connection.locked = notice.locked
            self._preparing.consider(connection.actor.id)

    def _outside(self, effects: list[Effect]) -> list[Effect]:
        """Note that whoever is told `ended` sits in no room any more."""
        for effect in effects:
            if isinstance(effect, Send) and isinstance(effect.message, Ended):
                connection = self._presence.get(effect.to)
                if connection is not None:
                    connection.room = connection.prepares = None
                    self._preparing.consider(connection.actor.id)
        return effects


def _concerned(actor: Actor, notice: QueueChanged) -> bool:
    if actor.role is Role.SPECIALIST:
        return actor.id in notice.practitioner_ids
    return actor.organization_id in notice.organization_ids


def _place(told: queue.Place, at: datetime) -> Place:
    return Place(told.visit_id, told.ahead, told.minutes, told.late, told.why, told.paused, at)
