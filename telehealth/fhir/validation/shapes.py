"""The tables of elements, read: which properties a type has in JSON, and what may stand in each."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from telehealth.fhir.validation.datatypes import DATATYPES, LIKE, PLAIN, WITH_MODIFIERS
from telehealth.fhir.validation.primitives import PRIMITIVES
from telehealth.fhir.validation.resources import RESOURCES

TYPE = re.compile(r"^([A-Za-z0-9.]+)(?:\(([A-Za-z|]+)\))?(?::([a-z-]+))?$")
ANY_TYPE = "*"
EVERYWHERE = "id ? string\nextension * Extension\n"
PART = "modifierExtension * Extension\n"
ROOT = f"""
    id ? id
    meta ? Meta
    implicitRules ? uri
    language ? code
    text ? Narrative
    contained * Resource
    extension * Extension
    {PART}
"""
NEVER_A_VALUE = frozenset({"xhtml", "Element", "Extension", "Narrative", "SimpleQuantity"})
"""What an extension's value cannot be, beside the parts of other types."""
VALUES = tuple(
    each
    for each in (*sorted(PRIMITIVES), *DATATYPES, *LIKE, *sorted(PLAIN))
    if each not in NEVER_A_VALUE and "." not in each
)


@dataclass(frozen=True, slots=True)
class Element:
    """One property: `element` is its name in the specification, `value[x]` for a choice of types.

    `targets` are the types that a Reference may name, empty for any; `codes` is the set that a code is of.
    """

    element: str
    type: str
    required: bool
    many: bool
    targets: frozenset[str] = frozenset()
    codes: str = ""


@cache
def elements(type_: str) -> Mapping[str, Element]:
    """Return the properties of a resource type, a part of one, or a data type."""
    found = {}
    for line in _lines(type_).split("\n"):
        if line.strip():
            element, cardinality, kinds = line.split()
            for each in VALUES if kinds == ANY_TYPE else kinds.split(","):
                name, made = _element(element, cardinality, each)
                found[name] = made
    return found


@cache
def needed(type_: str) -> tuple[str, ...]:
    """Return the elements without which nothing of this type is complete."""
    return tuple(dict.fromkeys(each.element for each in elements(type_).values() if each.required))


@cache
def choices(type_: str) -> Mapping[str, tuple[str, ...]]:
    """Return the properties of each choice of types: of these, one at most may be there."""
    found: dict[str, tuple[str, ...]] = {}
    for name, each in elements(type_).items():
        if each.element.endswith("[x]"):
            found[each.element] = (*found.get(each.element, ()), name)
    return found


def _lines(type_: str) -> str:
    if type_ in RESOURCES:
        own, part = RESOURCES[type_], "." in type_
        return own + (EVERYWHERE + PART if part else ROOT)
    own = DATATYPES[LIKE.get(type_, type_)]
    return own + EVERYWHERE + (PART if type_ in WITH_MODIFIERS else "")


def _element(element: str, cardinality: str, kind: str) -> tuple[str, Element]:
    type_, targets, codes = TYPE.findall(kind)[0]
    name = element
    if element.endswith("[x]"):
        stem = LIKE.get(type_, type_) if type_ == "SimpleQuantity" else type_
        name = element.removesuffix("[x]") + stem[0].upper() + stem[1:]
    many, named = cardinality in "*+", frozenset(targets.split("|")) - {""}
    return name, Element(element, type_, cardinality in "1+", many, named, codes)
