"""Whether a resource from outside can be taken into the shared record."""

from collections.abc import Iterator
from typing import Any

from telehealth.domain.errors import FieldProblem
from telehealth.fhir.text import Resource
from telehealth.fhir.validation.structure import Walk
from telehealth.fhir.validation.vitals import vital_problems

OURS = ("versionId", "lastUpdated")
"""What of `meta` only the server that keeps a resource can say."""


def problems_of(resource: Resource) -> list[FieldProblem]:
    """Return all that is wrong with a resource of a type that has a table, each with the element's path."""
    path = str(resource["resourceType"])
    walk = Walk(_types(resource))
    walk.resource(resource, path)
    if walk.found:
        return walk.found
    found = [*_contained(resource, path)]
    if path == "Observation":
        found += vital_problems(resource, path)
    return found


def _types(resource: Resource) -> dict[str, str]:
    contained = resource.get("contained")
    listed = contained if isinstance(contained, list) else []
    return {str(each.get("id")): str(each.get("resourceType")) for each in listed if isinstance(each, dict)}


def _contained(resource: Resource, path: str) -> Iterator[FieldProblem]:
    """Look at what is contained: dom-2 to dom-5, and that each has an id of its own (domainresource.html)."""
    contained = resource.get("contained", [])
    named = {each[1:] for each in _local(resource)}
    seen = set()
    for place, each in enumerate(contained):
        where, meta, id_ = f"{path}.contained[{place}]", each.get("meta"), each.get("id")
        if not isinstance(id_, str) or id_ in seen:
            yield FieldProblem(f"{where}.id", "required", "What is contained has an id of its own.")
            continue
        seen.add(id_)
        if "contained" in each:
            yield FieldProblem(f"{where}.contained", "invariant", "Nothing is contained twice over. (dom-2)")
        if id_ not in named and "#" not in _local(each):
            yield FieldProblem(where, "invariant", "What is contained is referred to. (dom-3)")
        if isinstance(meta, dict) and any(ours in meta for ours in OURS):
            yield FieldProblem(f"{where}.meta", "invariant", "What is contained has no version. (dom-4)")
        if isinstance(meta, dict) and "security" in meta:
            said = "What is contained has no security label. (dom-5)"
            yield FieldProblem(f"{where}.meta.security", "invariant", said)


def _local(value: Any) -> set[str]:
    """Return all references within the resource itself, `#1`."""
    if isinstance(value, dict):
        return {found for each in value.values() for found in _local(each)}
    if isinstance(value, list):
        return {found for each in value for found in _local(each)}
    return {value} if isinstance(value, str) and value.startswith("#") else set()
