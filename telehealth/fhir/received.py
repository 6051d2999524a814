"""A resource as it was sent: its text is kept to the letter, but for its id, its version and its date.

Read and written again, 72.50 would become 72.5 and the order of members ours. So the text is taken apart
where our own members stand, and nowhere else.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from telehealth.domain.errors import BadInput
from telehealth.domain.untrusted import json_object
from telehealth.fhir.text import Resource, instant

DEEPEST = 40
"""Objects and lists within each other; the examples of R4 go 16 deep."""
MOST_MEMBERS = 20_000
"""Members and items of one resource: looking at so many takes some 30 ms, in which nobody else is served."""
SPACE = re.compile(r"[ \t\n\r]*")
VERSION_MEMBERS = frozenset({"versionId", "_versionId", "lastUpdated", "_lastUpdated"})


@dataclass(frozen=True, slots=True)
class Received:
    """A resource and its text; numbers with a point are Decimal."""

    text: str
    resource: Resource


@dataclass(frozen=True, slots=True)
class Member:
    """Where a member of an object stands in the text: its value from `start` to `end`."""

    name: str
    start: int
    end: int


def received(raw: bytes, most: int = MOST_MEMBERS) -> Received:
    """Return a resource that was sent; raises BadInput for what is no JSON object of a resource's size."""
    if raw.count(b":") + raw.count(b",") > most:
        raise BadInput(detail="This resource has too many elements.")
    resource = json_object(raw, DEEPEST, Decimal)
    return Received(raw.decode(), resource)


def stamped(text: str, *, id_: str, version: int, at: datetime) -> str:
    """Return a resource's text with its id, its version and when that was made, all else to the letter."""
    known = root(text)
    meta = known.get("meta")
    ours = f'"versionId":{json.dumps(str(version))},"lastUpdated":{json.dumps(instant(at))}'
    kept = ",".join(_kept(text, meta)) if meta else ""
    written = f"{{{ours},{kept}}}" if kept else f"{{{ours}}}"
    head = known["resourceType"].end
    edits = [_edit(meta, "meta", written, head), _edit(known.get("id"), "id", json.dumps(id_), head)]
    for start, end, new in sorted(edits, key=lambda each: each[0], reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _edit(member: Member | None, name: str, value: str, head: int) -> tuple[int, int, str]:
    """Return what is written where: over the member, or behind the type where there is none."""
    if member:
        return member.start, member.end, value
    return head, head, f',"{name}":{value}'


def _kept(text: str, meta: Member) -> Iterator[str]:
    for each in members(text, meta.start):
        if each.name not in VERSION_MEMBERS:
            yield f"{json.dumps(each.name)}:{text[each.start : each.end]}"


def root(text: str) -> dict[str, Member]:
    """Return the members of the object that a text is."""
    return {each.name: each for each in members(text, _after(text, 0))}


def members(text: str, start: int) -> Iterator[Member]:
    """Walk over the members of an object that begins at `start` and is known to be JSON."""
    decoder = json.JSONDecoder()
    place = _after(text, start + 1)
    while text[place] != "}":
        name, place = decoder.raw_decode(text, place)
        begin = _after(text, _after(text, place) + 1)
        _, end = decoder.raw_decode(text, begin)
        yield Member(name, begin, end)
        place = _after(text, end)
        if text[place] == ",":
            place = _after(text, place + 1)


def items(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Walk over the items of a list that begins at `start` and is known to be JSON: where each stands."""
    decoder = json.JSONDecoder()
    place = _after(text, start + 1)
    while text[place] != "]":
        _, end = decoder.raw_decode(text, place)
        yield place, end
        place = _after(text, end)
        if text[place] == ",":
            place = _after(text, place + 1)


def _after(text: str, place: int) -> int:
    """Return the place after the space that begins here."""
    found = SPACE.match(text, place)
    return found.end() if found else place
