"""What somebody who enters a room is told: the acknowledgement of `enter` without the relays."""

from collections.abc import Mapping

from signaling.announcements import Pair, Roster, format_member, format_way
from signaling.effects import Accept
from signaling.messages import Wire
from signaling.negotiation import Arrival
from signaling.seats import Occupied


def welcome(
    held: Occupied, roster: Roster, arrival: Arrival, pairs: tuple[Pair, ...], met: Mapping[str, Arrival]
) -> Accept:
    """Return the acknowledgement; `arrival` is to the first pair, `met` to the others, who are `pairs`."""
    who = held.seat.participant
    body: Wire = {
        "epoch": roster.epoch,
        "you": who,
        "role": held.seat.role,
        "polite": held.seat.polite,
        "relayOnly": held.seat.relay_only,
        "resumed": arrival.resumed,
        "since": arrival.since,
        "roster": [] if held.prepared else [format_member(member) for member in roster.members],
    }
    if begins := held.seat.begins:
        body["start"] = {"picture": begins.picture, "lossy": begins.lossy}
    further = {
        pair.other: {
            "epoch": pair.epoch,
            "polite": pair.polite,
            "resumed": met[pair.other].resumed,
            "since": met[pair.other].since,
        }
        for pair in pairs
        if pair.other in met
    }
    body |= {"pairs": further} if further else {}
    return Accept(body | ({} if held.prepared else format_way(roster)))
