"""How resources of the record refer to each other: by what they are searched, and what is brought along."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from telehealth.domain.record import FROM_OUTSIDE
from telehealth.fhir.arriving import PATIENT
from telehealth.fhir.parameters import ID, refusal
from telehealth.fhir.text import Resource

ORDERS = ("CarePlan", "MedicationRequest", "ServiceRequest")
OURS = re.compile(r"([A-Z][A-Za-z]+)/([A-Za-z0-9.-]{1,64})(?:/_history/[A-Za-z0-9.-]{1,64})?", re.ASCII)
Name = tuple[str, str]
"""Type and id of a resource of ours."""


@dataclass(frozen=True, slots=True)
class Link:
    """A search parameter of R4's kind `reference`: where it stands, and the types here that it may name."""

    elements: tuple[str, ...]
    targets: tuple[str, ...]


ENCOUNTER = Link(("encounter",), ("Encounter",))
LINKS: dict[str, dict[str, Link]] = {
    "Observation": {
        "encounter": ENCOUNTER,
        "based-on": Link(("basedOn",), ORDERS),
        "has-member": Link(("hasMember",), ("Observation",)),
        "derived-from": Link(("derivedFrom",), ("DocumentReference", "Observation")),
    },
    "DiagnosticReport": {
        "encounter": ENCOUNTER,
        "based-on": Link(("basedOn",), ORDERS),
        "result": Link(("result",), ("Observation",)),
    },
    "Condition": {"encounter": ENCOUNTER},
    "MedicationRequest": {"encounter": ENCOUNTER},
    "MedicationStatement": {"context": Link(("context",), ("Encounter",))},
    "ServiceRequest": {"encounter": ENCOUNTER, "based-on": Link(("basedOn",), ORDERS)},
    "CarePlan": {
        "encounter": ENCOUNTER,
        "based-on": Link(("basedOn",), ("CarePlan",)),
        "goal": Link(("goal",), ("Goal",)),
        "condition": Link(("addresses",), ("Condition",)),
        "care-team": Link(("careTeam",), ("CareTeam",)),
    },
    "CareTeam": {"encounter": ENCOUNTER},
    "DocumentReference": {"encounter": Link(("context.encounter",), ("Encounter",))},
    "Encounter": {},
    "Composition": {"encounter": ENCOUNTER},
    "Provenance": {"target": Link(("target",), ("Composition",))},
}
"""What a type is searched by beside the patient, under R4's names."""
SUBJECTS = ("Composition", "Encounter")
"""What is filed here about a patient whom it names."""


def brought(type_: str) -> dict[str, Link]:
    """Return by what something may be brought along with a type; its patient, too, where it names one."""
    named = PATIENT.get(type_, "subject")
    own = {"patient": Link((named,), ("Patient",))} if type_ in {*FROM_OUTSIDE, *SUBJECTS} else {}
    return own | LINKS.get(type_, {})


def named(resource: Resource, link: Link, base: str) -> Iterator[Name]:
    """Walk over what a resource names there, of the types that a link may name, whichever version it is.

    `base` is the address of our FHIR door; absolute references below it are ours too.
    """
    for path in link.elements:
        for each in _values(resource, path.split(".")):
            text = str(each.get("reference", "")).removeprefix(f"{base}/")
            found = OURS.fullmatch(text)
            if found and found[1] in link.targets:
                yield found[1], found[2]


def naming_test(name: str, link: Link, texts: Sequence[str], base: str) -> Callable[[Resource], bool]:
    """Return whether a resource names one of these, each `Encounter/1`, an address of ours, or plain `1`.

    Raises BadInput naming the parameter.
    """
    wanted = {each.removeprefix(f"{base}/") for each in texts}
    if not all(ID.fullmatch(each.rpartition("/")[2]) for each in wanted):
        raise refusal(name, "malformed", f"A reference such as {link.targets[0]}/1 is expected.")
    return lambda resource: any(
        not wanted.isdisjoint({id_, f"{type_}/{id_}"}) for type_, id_ in named(resource, link, base)
    )


def _values(value: Any, steps: list[str]) -> Iterator[Resource]:
    """Walk over the objects at the end of a path, whether one or several stand at each step."""
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict) and steps:
            yield from _values(each.get(steps[0]), steps[1:])
        elif isinstance(each, dict):
            yield each
