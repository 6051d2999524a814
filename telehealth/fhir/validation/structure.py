"""A walk over a resource, element by element: what the tables, codes, references and rules ask of it."""

from collections.abc import Sequence
from typing import Any

from telehealth.domain.errors import FieldProblem
from telehealth.fhir.text import Resource
from telehealth.fhir.validation.codes import CONCEPTS, allowed, concept_allowed
from telehealth.fhir.validation.datatypes import PLAIN
from telehealth.fhir.validation.narrative import narrative_problem
from telehealth.fhir.validation.primitives import FITS, PRIMITIVES, UNREADABLE
from telehealth.fhir.validation.references import TYPES, reference_problem
from telehealth.fhir.validation.resources import RESOURCES
from telehealth.fhir.validation.rules import RULES
from telehealth.fhir.validation.shapes import Element, choices, elements, needed

NOTHING = "There is nothing in here."
AN_OBJECT = "An object is expected here."
A_LIST = "A list with something in it is expected here."


class Walk:
    """Collects what is wrong; `contained` are the types of the resources within the one that is walked."""

    def __init__(self, contained: dict[str, str]) -> None:
        self.found: list[FieldProblem] = []
        self._contained = contained

    def resource(self, value: Any, path: str) -> None:
        """Look at a resource; of types without a table at its JSON, its ids and its narrative."""
        type_ = value.get("resourceType") if isinstance(value, dict) else None
        if not isinstance(type_, str) or type_ not in TYPES:
            self._say(f"{path}.resourceType", "structure", "This is no type of resource in FHIR R4.")
        elif type_ in RESOURCES:
            self._object(value, type_, path, skipped="resourceType")
        else:
            self._loose(value, path)

    def _say(self, path: str, code: str, detail: str) -> None:
        self.found.append(FieldProblem(path, code, detail))

    def _object(self, value: Any, type_: str, path: str, *, skipped: str = "") -> None:
        if not isinstance(value, dict):
            self._say(path, "structure", AN_OBJECT)
            return
        if not value.keys() - {"id", skipped}:
            self._say(path, "structure", NOTHING)
            return
        before, known = len(self.found), elements(type_)
        for key in value:
            if key != skipped:
                self._element(known.get(key.removeprefix("_")), value, key, path)
        self._complete(value, type_, path)
        if len(self.found) == before:
            self._ruled(value, type_, path)

    def _element(self, element: Element | None, value: Resource, key: str, path: str) -> None:
        name = key.removeprefix("_")
        if element is None or (key != name and element.type not in PRIMITIVES):
            self._say(f"{path}.{key[:64]}", "structure", "This element is not known here.")
        elif value[key] is None:
            self._say(f"{path}.{name}", "structure", NOTHING)
        elif element.type not in PRIMITIVES:
            self._parts(element, value[key], f"{path}.{name}")
        elif key == name or name not in value:
            self._primitives(element, value.get(name), value.get(f"_{name}"), f"{path}.{name}")

    def _complete(self, value: Resource, type_: str, path: str) -> None:
        """Look for what is missing, and for a choice that was made twice."""
        chosen = choices(type_)
        for element in needed(type_):
            names = chosen.get(element, (element,))
            if not any(name in value or f"_{name}" in value for name in names):
                self._say(f"{path}.{element.removesuffix('[x]')}", "required", "This element is missing.")
        for element, names in chosen.items():
            if sum(name in value or f"_{name}" in value for name in names) > 1:
                said = "Only one type of this element can be given."
                self._say(f"{path}.{element.removesuffix('[x]')}", "structure", said)

    def _ruled(self, value: Resource, type_: str, path: str) -> None:
        for rule in RULES.get(type_, ()):
            if not rule.holds(value):
                where = f"{path}.{rule.element}" if rule.element else path
                self._say(where, "invariant", f"{rule.says} ({rule.key})")

    def _parts(self, element: Element, value: Any, path: str) -> None:
        if not element.many:
            self._part(element, value, path)
        elif not isinstance(value, list) or not value:
            self._say(path, "structure", A_LIST)
        else:
            for place, each in enumerate(value):
                self._part(element, each, f"{path}[{place}]")

    def _part(self, element: Element, value: Any, path: str) -> None:
        before = len(self.found)
        if element.type == "Resource":
            self.resource(value, path)
        elif element.type in PLAIN:
            self._loose(value, path)
        else:
            self._object(value, element.type, path)
        if len(self.found) > before:
            return
        if element.type == "Reference":
            part, said = reference_problem(value, element.targets, self._contained)
            if said:
                self._say(f"{path}.{part}", "value", said)
        elif element.codes in CONCEPTS and not concept_allowed(element.codes, value):
            self._say(path, "code-invalid", f"A code of {element.codes} is required here.")

    def _primitives(self, element: Element, value: Any, beside: Any, path: str) -> None:
        """Look at a primitive element: its value, and what is said beside it (json.html#primitive)."""
        if not element.many:
            self._primitive(element, value, beside, path)
            return
        values, extras = _listed(value), _listed(beside)
        if values is None or extras is None or not (values or extras):
            self._say(path, "structure", A_LIST)
        elif values and extras and len(values) != len(extras):
            self._say(path, "structure", "There are more values than what is said beside them, or fewer.")
        else:
            for place in range(max(len(values), len(extras))):
                own, other = (each[place] if each else None for each in (values, extras))
                self._primitive(element, own, other, f"{path}[{place}]")

    def _primitive(self, element: Element, value: Any, beside: Any, path: str) -> None:
        if beside is not None:
            self._object(beside, "Element", path)
        if value is None:
            if beside is None:
                self._say(path, "structure", NOTHING)
            return
        if not FITS[element.type](value):
            self._say(path, "value", f"This is no {element.type}.")
        elif element.codes and not allowed(element.codes, value):
            self._say(path, "code-invalid", f"A code of {element.codes} is required here.")
        elif element.type == "xhtml":
            said = narrative_problem(value)
            if said:
                self._say(path, "structure", said)

    def _loose(self, value: Any, path: str) -> None:
        """Look at JSON whose elements are not known here: nothing empty, nothing unreadable or unsafe."""
        if isinstance(value, dict) and value:
            self._loosely(value, path)
        elif isinstance(value, list) and value:
            for place, each in enumerate(value):
                if each is not None:
                    self._loose(each, f"{path}[{place}]")
        elif value is None or isinstance(value, dict | list) or value == "":
            self._say(path, "structure", NOTHING)
        elif isinstance(value, str) and UNREADABLE.search(value):
            self._say(path, "value", "There is an unreadable character in here.")

    def _loosely(self, value: Resource, path: str) -> None:
        before, div = len(self.found), value.get("div")
        for key, each in value.items():
            self._loose(each, f"{path}.{key[:64]}")
        readable = len(self.found) == before
        said = narrative_problem(div) if readable and isinstance(div, str) else ""
        if said:
            self._say(f"{path}.div", "structure", said)


def _listed(value: Any) -> Sequence[Any] | None:
    """Return the items of a list, none where it is absent; None for what is no list, or an empty one."""
    if value is None:
        return ()
    return value if isinstance(value, list) and value else None
