"""JSON Schemas of what the API answers, made of the TypedDicts that its handlers are checked against."""

from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints, is_typeddict

SCALARS: dict[object, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    NoneType: {"type": "null"},
}


def answer_schema(kind: type, parts: dict[str, Any]) -> dict[str, Any]:
    """Return a reference to the schema of a TypedDict; the schema itself goes into `parts` by its name."""
    name = kind.__name__.removesuffix("Shape")
    if name not in parts:
        parts[name] = {}
        hints = get_type_hints(kind)
        parts[name] = {
            "type": "object",
            "description": " ".join((kind.__doc__ or "").split()),
            "properties": {field: _schema(hint, parts) for field, hint in hints.items()},
            "required": list(hints),
        }
    return {"$ref": f"#/components/schemas/{name}"}


def _schema(hint: Any, parts: dict[str, Any]) -> dict[str, Any]:
    if is_typeddict(hint):
        return answer_schema(hint, parts)
    if get_origin(hint) is list:
        return {"type": "array", "items": _schema(get_args(hint)[0], parts)}
    if isinstance(hint, UnionType):
        return {"anyOf": [_schema(each, parts) for each in get_args(hint)]}
    return SCALARS[hint]
