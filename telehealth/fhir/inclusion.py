"""`_include` and `_revinclude` of a FHIR search, read strictly: only what the capability statement tells."""

from collections.abc import Sequence
from dataclasses import dataclass

from telehealth.fhir.links import LINKS, Link, brought
from telehealth.fhir.parameters import refusal

INCLUDE, REVINCLUDE = "_include", "_revinclude"
MOST_INCLUSIONS = 10
"""So many of both together in one search."""


@dataclass(frozen=True, slots=True)
class Inclusion:
    """What is brought along: what resources of type `source` name by `link`, or those `source` themselves."""

    source: str
    link: Link


def forward(type_: str) -> list[str]:
    """Return what `_include` takes in a search for a type."""
    return [f"{type_}:{name}" for name in brought(type_)]


def backward(type_: str) -> list[str]:
    """Return what `_revinclude` takes in a search for a type."""
    return [
        f"{source}:{name}"
        for source, links in LINKS.items()
        for name, link in links.items()
        if type_ in link.targets
    ]


def inclusions_of(
    type_: str, named: Sequence[str], naming: Sequence[str]
) -> tuple[tuple[Inclusion, ...], tuple[Inclusion, ...]]:
    """Return what is brought along: what is `named` by what is found, and what is `naming` it.

    Raises BadInput for what cannot be asked here.
    """
    if len(named) + len(naming) > MOST_INCLUSIONS:
        field = INCLUDE if named else REVINCLUDE
        raise refusal(field, "too-many", f"Bring along at most {MOST_INCLUSIONS} kinds of resources.")
    return (
        tuple(_inclusion(INCLUDE, each, forward(type_)) for each in dict.fromkeys(named)),
        tuple(_inclusion(REVINCLUDE, each, backward(type_), type_) for each in dict.fromkeys(naming)),
    )


def _inclusion(field: str, text: str, known: Sequence[str], only: str = "") -> Inclusion:
    """Return what `Type:parameter` or `Type:parameter:Target` asks for; `only` is what a target must be."""
    source, _, rest = text.partition(":")
    name, narrowed, target = rest.partition(":")
    if f"{source}:{name}" not in known:
        raise refusal(field, "unknown", f"One of these is expected: {', '.join(known) or 'none'}.")
    link = brought(source)[name]
    targets = (only,) if only else link.targets
    if narrowed and target not in targets:
        raise refusal(field, "unknown", "This parameter names no resources of that type here.")
    return Inclusion(source, Link(link.elements, (target,) if target else targets))
