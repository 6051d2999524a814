"""A Bundle that was sent to be carried out: its requests, and each resource as the text that it is.

What entries say of each other is by their `fullUrl` (FHIR R4 http, 3.1.0.11.1). In a resource's text these
names are put right where they stand and nothing else is touched.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from telehealth.domain.errors import BadInput, FieldProblem
from telehealth.domain.people import Identifier
from telehealth.fhir.conditions import identifier_in, version_in
from telehealth.fhir.parameters import refusal
from telehealth.fhir.received import MOST_MEMBERS, Received, items, members, root
from telehealth.fhir.text import Resource

TRANSACTION, BATCH = "transaction", "batch"
MOST_ENTRIES = 200
MOST_BUNDLED = 3 * MOST_MEMBERS
"""Members and items of a whole Bundle; each resource in it keeps the limit of one."""
KNOWN = frozenset({"fullUrl", "resource", "request", "link", "search", "response", "id", "extension"})
POINTER = re.compile(
    r'(?<!\\)"(?:reference|url|uri|valueUri|valueUrl|valueUuid)"[ \t\n\r]*:[ \t\n\r]*("(?:[^"\\]|\\.)*")'
)
"""Elements of the types Reference, uri, url and uuid that name a resource; canonical ones stay."""
RESTFUL = re.compile(r"(https?://\S+/)[A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64}", re.ASCII)
UNRESOLVED = ("urn:uuid:", "urn:oid:")


@dataclass(frozen=True, slots=True)
class Entry:
    """One request of a Bundle: `where` it stands there, and the resource where one is sent."""

    where: str
    full_url: str
    method: str
    url: str
    match: str | None
    unless: str | None
    received: Received | None

    @property
    def version(self) -> int | None:
        """The version that was read; raises BadInput."""
        return None if self.match is None else version_in(f"{self.where}.request.ifMatch", self.match)

    @property
    def condition(self) -> Identifier | None:
        """By what the resource may exist already; raises BadInput."""
        where = f"{self.where}.request.ifNoneExist"
        return None if self.unless is None else identifier_in(where, self.unless)

    def address(self, base: str) -> tuple[str, str | None]:
        """Return what is asked for below `base`, and the query behind it, None without one."""
        path, asked, query = self.url.removeprefix(f"{base}/").partition("?")
        return path, query if asked else None

    def resource(self) -> Received:
        """Return what is to be written; raises BadInput where nothing was sent."""
        if self.received is None:
            raise refusal(f"{self.where}.resource", "required", "Send the resource that is to be written.")
        return self.received


def requests_of(sent: Received) -> tuple[str, list[Entry]]:
    """Return the Bundle's type and its requests; raises BadInput for what is no Bundle to carry out."""
    bundle = sent.resource
    if bundle.get("resourceType") != "Bundle":
        raise refusal("resourceType", "value", "A Bundle is expected here.")
    if bundle.get("type") not in (TRANSACTION, BATCH):
        raise refusal("Bundle.type", "value", "A transaction or a batch is expected.")
    listed = bundle.get("entry", [])
    if not isinstance(listed, list) or len(listed) > MOST_ENTRIES:
        raise refusal("Bundle.entry", "structure", f"A list of up to {MOST_ENTRIES} entries is expected.")
    found = [
        _entry(f"Bundle.entry[{place}]", value, text)
        for place, (value, text) in enumerate(zip(listed, _texts(sent.text, listed), strict=True))
    ]
    _refuse_twins(found)
    return str(bundle["type"]), found


def _texts(text: str, listed: list[Any]) -> Iterator[str]:
    """Walk over the text of each entry's resource, empty where there is none."""
    spans = items(text, root(text)["entry"].start) if listed else ()
    for start, _ in spans:
        inside = members(text, start) if text[start] == "{" else ()
        own = [each for each in inside if each.name == "resource"]
        yield text[own[0].start : own[0].end] if own else ""


def _entry(where: str, value: object, text: str) -> Entry:
    if not isinstance(value, dict) or not isinstance(value.get("request"), dict):
        raise refusal(f"{where}.request", "required", "Say what is asked for.")
    unknown = sorted(value.keys() - KNOWN)
    if unknown:
        raise refusal(f"{where}.{unknown[0][:64]}", "structure", "This element is not known here.")
    resource, request = value.get("resource"), value["request"]
    if text and not isinstance(resource, dict):
        raise refusal(f"{where}.resource", "structure", "An object is expected here.")
    if text.count(":") + text.count(",") > MOST_MEMBERS:
        raise refusal(f"{where}.resource", "too-long", "This resource has too many elements.")
    return Entry(
        where,
        _text(value, "fullUrl", where) or "",
        _text(request, "method", f"{where}.request", needed=True) or "",
        _text(request, "url", f"{where}.request", needed=True) or "",
        _text(request, "ifMatch", f"{where}.request"),
        _text(request, "ifNoneExist", f"{where}.request"),
        Received(text, resource) if isinstance(resource, dict) else None,
    )


def _text(holder: Resource, name: str, where: str, *, needed: bool = False) -> str | None:
    value = holder.get(name)
    if (needed or name in holder) and (not isinstance(value, str) or not value):
        raise refusal(f"{where}.{name}", "required", "A text is expected here.")
    return value if isinstance(value, str) else None


def _refuse_twins(entries: list[Entry]) -> None:
    """Refuse a name that two entries have: nobody could say which is meant (bdl-7)."""
    seen = set()
    for each in entries:
        if each.full_url and each.full_url in seen:
            raise refusal(f"{each.where}.fullUrl", "invariant", "Two entries have this name. (bdl-7)")
        seen.add(each.full_url)


def linked(entry: Entry, text: str, places: Mapping[str, str]) -> str:
    """Return a resource's text in which entries are called what they are in the record, `Observation/1`.

    `places` are these names by what they were called. What is relative is below the base of the entry itself.
    """
    base = RESTFUL.fullmatch(entry.full_url)

    def put(found: re.Match[str]) -> str:
        name = json.loads(found[1])
        place = places.get(name) or (places.get(base[1] + name) if base else None)
        return found[0] if place is None else found[0][: -len(found[1])] + json.dumps(place)

    return POINTER.sub(put, text)


def references(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Walk over all that a resource refers to, each with the element where it stands."""
    if isinstance(value, dict):
        for name, each in value.items():
            if name == "reference" and isinstance(each, str):
                yield f"{path}.reference", each
            else:
                yield from references(each, f"{path}.{name}")
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield from references(each, f"{path}[{place}]")


def refuse_unresolved(entry: Entry, resource: Resource) -> None:
    """Raise BadInput naming what refers to an entry that is not there."""
    for path, named in references(resource, f"{entry.where}.resource"):
        if named.startswith(UNRESOLVED):
            raise refusal(path, "value", "There is no such entry in this transaction.")


def in_bundle(entry: Entry, refused: BadInput) -> BadInput:
    """Return what is wrong with an entry, each element named by its place in the Bundle."""
    found = BadInput(*(_placed(entry, each) for each in refused.problems), detail=refused.detail)
    found.where = entry.where
    return found


def _placed(entry: Entry, problem: FieldProblem) -> FieldProblem:
    """Put an element of a resource, `Observation.code`, behind where that resource stands."""
    if problem.field.startswith("Bundle."):
        return problem
    type_ = entry.received.resource.get("resourceType") if entry.received else None
    inside = problem.field.removeprefix(str(type_))
    dot = "" if inside != problem.field else "."
    return replace(problem, field=f"{entry.where}.resource{dot}{inside}")
