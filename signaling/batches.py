"""What a page without a websocket sends: untrusted text in, events in order out."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from signaling.fields import MAX_WHOLE, Body, whole
from signaling.messages import PARSERS, Wire
from signaling.refusals import Misread

EVENT_AND_BODY = 2
DIGITS = len(str(MAX_WHOLE))


@dataclass(frozen=True, slots=True)
class Batch:
    """Events as they came; `first` numbers the first of them, `since` is the last news that arrived."""

    since: int
    first: int
    events: tuple[tuple[str, object], ...]

    def wire(self) -> Wire:
        """Write what `parse_batch` reads."""
        return {"since": self.since, "first": self.first, "events": [list(event) for event in self.events]}


def parse_batch(text: bytes, most: int) -> Batch:
    """Read at most so many events. Their bodies are left to whoever answers each of them."""
    body = _object(text)
    events = body.get("events")
    if not isinstance(events, list) or not 1 <= len(events) <= most:
        raise Misread(f"'events' must be a list of 1 to {most}.")
    return Batch(whole(body, "since"), whole(body, "first", 1), tuple(_event(each) for each in events))


def parse_name(text: bytes) -> str:
    """Read the name of the connection that shall end."""
    name = _object(text).get("connection")
    if not isinstance(name, str):
        raise Misread("'connection' must be a text.")
    return name


def parse_since(text: str) -> int:
    """Read the number of the last news that arrived, from an address."""
    if not (text.isascii() and text.isdigit() and len(text) <= DIGITS and int(text) <= MAX_WHOLE):
        raise Misread("'since' must be a whole number from 0.")
    return int(text)


def format_news(news: Sequence[Wire], *, over: bool) -> Wire:
    """Write what a page is told."""
    return {"news": list(news), "over": over}


def _object(text: bytes) -> Body:
    try:
        body = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Misread("The request must be JSON.") from error
    if not isinstance(body, dict):
        raise Misread("The request must be one JSON object.")
    return body


def _event(value: object) -> tuple[str, object]:
    """Return name and body of one event of ours; without a body it is null."""
    if not isinstance(value, list) or not 1 <= len(value) <= EVENT_AND_BODY:
        raise Misread("An event is a list of its name and its body.")
    name, body = value[0], value[1] if len(value) == EVENT_AND_BODY else None
    if not isinstance(name, str) or name not in PARSERS:
        raise Misread("There is no such event.")
    return name, body
