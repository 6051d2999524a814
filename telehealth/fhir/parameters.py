"""FHIR R4 Parameters of an operation: read strictly, and every refusal names the element at fault."""

import re
from collections.abc import Mapping
from typing import Any

from telehealth.domain.errors import BadInput, FieldProblem
from telehealth.fhir.text import Resource

ID = re.compile(r"[A-Za-z0-9.-]{1,64}", re.ASCII)
MOST = 50
"""Parameters of one operation."""
MOST_CHARACTERS = 200


class Given:
    """The parameters by name; each is asked for by its type, once or as often as it stands there."""

    def __init__(self, resource: Mapping[str, object], known: frozenset[str], *, base: str) -> None:
        """Read; raises BadInput for what is no Parameters resource, and for names that are not known.

        `base` is our own address; absolute references below it are ours too.
        """
        self._base = f"{base}/"
        if resource.get("resourceType") != "Parameters":
            raise refusal("resourceType", "not-parameters", "A Parameters resource is expected.")
        listed = resource.get("parameter", [])
        if not isinstance(listed, list) or len(listed) > MOST:
            raise refusal("Parameters.parameter", "malformed", "A list of up to 50 parameters is expected.")
        self._given: list[tuple[str, str, dict[str, Any]]] = []
        for place, each in enumerate(listed):
            where = f"Parameters.parameter[{place}]"
            name = each.get("name") if isinstance(each, dict) else None
            if not isinstance(name, str) or name not in known:
                raise refusal(f"{where}.name", "unknown", "This parameter is not known here.")
            self._given.append((where, name, each))

    def values(self, name: str, key: str) -> list[tuple[str, Any]]:
        """Return where each value of this type stands, and the value."""
        found = []
        for where, own, each in self._given:
            if own == name:
                if key not in each:
                    raise refusal(where, "wrong-type", f"Give this parameter as {key}.")
                found.append((f"{where}.{key}", each[key]))
        return found

    def texts(self, name: str, key: str = "valueString") -> list[tuple[str, str]]:
        """Return texts, and where they stand."""
        found = self.values(name, key)
        for where, text in found:
            if not isinstance(text, str) or not 0 < len(text) <= MOST_CHARACTERS:
                raise refusal(where, "malformed", "A short text is expected.")
        return found

    def ids(self, name: str, type_: str) -> list[str]:
        """Return the ids of references to resources of this type, relative or below our own address."""
        given = self.values(name, "valueReference")
        return [reference_id(where, value, type_, self._base) for where, value in given]

    def resource(self, name: str) -> tuple[str, Resource] | None:
        """Return a resource that was given, and where it stands."""
        found = [
            (f"{where}.resource", each.get("resource")) for where, own, each in self._given if own == name
        ]
        if not found:
            return None
        if len(found) > 1:
            raise refusal(found[1][0], "too-many", "Give this parameter once.")
        where, value = found[0]
        if not isinstance(value, dict):
            raise refusal(where, "malformed", "A resource is expected.")
        return where, value


def reference_id(where: str, value: object, type_: str, base: str) -> str:
    """Return the id that a Reference names; raises BadInput for another type or server, and for none."""
    text = value.get("reference") if isinstance(value, dict) else None
    kind, _, found = text.removeprefix(base).partition("/") if isinstance(text, str) else ("", "", "")
    if kind != type_ or not ID.fullmatch(found):
        raise refusal(f"{where}.reference", "malformed", f"A reference such as {type_}/1 is expected.")
    return found


def refusal(field: str, code: str, detail: str) -> BadInput:
    """Return the refusal that names an element."""
    return BadInput(FieldProblem(field, code, detail))
