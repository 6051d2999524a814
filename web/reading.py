"""Reads untrusted JSON, forms and queries into frozen dataclasses, strictly, and tells their JSON Schema.

A body is a dataclass whose fields are annotated with a reader:

    class Credentials:
        email: Annotated[str, Text(254)]

Unknown fields, wrong types and values out of bounds are refused, each with its own entry in `errors[]`. A
field with a default may be left out. The same annotations make the OpenAPI document, so it cannot disagree.
"""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, replace
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

from aiohttp.web import Request

from telehealth.domain import untrusted
from telehealth.domain.errors import BadInput, FieldProblem
from web.body import TooLarge, WrongMediaType, posted, whole
from web.readers import Many, Reader, Text, refuse

Body = TypeVar("Body")
DEEPEST = 10
"""So deep lies the coding of a participant's role, of a resource within Parameters."""
MOST_PROBLEMS = 20
"""Wrong fields that are told of one body."""
LARGEST = 256 * 1024
"""Bytes of a JSON body: a note of six full fields stays below."""

LARGEST_RESOURCE = 1024 * 1024
"""Bytes of a resource for the shared record: the largest report among the examples of R4 has 730 kB."""
FILE_WITHIN = 120.0
"""Seconds for a file: the largest needs 420 kbit/s."""
FHIR_TYPES = ("application/fhir+json", "application/json")

SHAPES: dict[type, dict[str, tuple[Reader, bool]]] = {}
"""Looked up once per body; there are some dozen."""


def shape(kind: type) -> dict[str, tuple[Reader, bool]]:
    """Return reader and "may be left out" of every field of a body's dataclass."""
    if kind not in SHAPES:
        SHAPES[kind] = _shape(kind)
    return SHAPES[kind]


def _shape(kind: type) -> dict[str, tuple[Reader, bool]]:
    hints = get_type_hints(kind, include_extras=True)
    found = {}
    for each in fields(kind):
        hint = hints[each.name]
        if get_origin(hint) is not Annotated:
            message = f"{kind.__name__}.{each.name} has no reader"
            raise TypeError(message)
        optional = each.default is not MISSING or each.default_factory is not MISSING
        found[each.name] = (get_args(hint)[1], optional)
    return found


def schema(kind: type) -> dict[str, Any]:
    """Return the JSON Schema of a body."""
    parts = shape(kind)
    return {
        "type": "object",
        "properties": {name: reader.schema() for name, (reader, _) in parts.items()},
        "required": [name for name, (_, optional) in parts.items() if not optional],
        "additionalProperties": False,
    }


def read(kind: type[Body], data: Mapping[str, object]) -> Body:
    """Return `data` as `kind`; raise BadInput naming every field that cannot be used."""
    parts = shape(kind)
    problems = [
        FieldProblem(name[:64], "unknown", "This field is not known.") for name in data if name not in parts
    ]
    values: dict[str, object] = {}
    for name, (reader, optional) in parts.items():
        if name not in data:
            if not optional:
                problems.append(FieldProblem(name, "missing", "Please fill this in."))
            continue
        try:
            values[name] = reader.read(data[name], name)
        except BadInput as refused:
            problems.extend(refused.problems)
    if problems:
        raise BadInput(*problems[:MOST_PROBLEMS])
    return kind(**values)


async def json_body(request: Request, kind: type[Body]) -> Body:
    """Read a JSON object; an absent body counts as an empty one."""
    return read(kind, await json_object(request, "application/json"))


async def fhir_body(request: Request) -> dict[str, object]:
    """Read a resource, as FHIR's own media type or as plain JSON."""
    return await json_object(request, *FHIR_TYPES)


async def fhir_bytes(request: Request) -> bytes:
    """Read a resource as it was sent, of the media types of `fhir_body`."""
    return await _bytes(request, *FHIR_TYPES, largest=LARGEST_RESOURCE)


async def file_bytes(request: Request, media_types: tuple[str, ...], largest: int) -> bytes:
    """Read a file: larger than all else that is taken, and given the time for it."""
    if request.content_type not in media_types:
        raise WrongMediaType(detail=f"Send one of these: {', '.join(media_types)}.")
    if (request.content_length or 0) > largest:
        raise TooLarge
    return await whole(request.clone(client_max_size=largest + 1), within=FILE_WITHIN)


async def json_object(request: Request, *media_types: str) -> dict[str, object]:
    """Read a JSON object of one of these media types; an absent body counts as an empty one."""
    return parse(await _bytes(request, *media_types) or b"{}")


async def _bytes(request: Request, *media_types: str, largest: int = LARGEST) -> bytes:
    if request.can_read_body and request.content_type not in media_types:
        raise WrongMediaType
    if (request.content_length or 0) > largest:
        raise TooLarge
    raw = await whole(request)
    if len(raw) > largest:
        raise TooLarge
    return raw


def parse(raw: bytes) -> dict[str, object]:
    """Return a JSON object; raise BadInput for anything else, for doubled names, NaN and deep nesting."""
    return untrusted.json_object(raw, DEEPEST)


@dataclass(frozen=True, slots=True)
class Part:
    """A JSON object within another one, read as a dataclass of its own."""

    kind: type

    def read(self, value: object, field: str) -> Any:
        """Return the object; its wrong fields are named behind `field`."""
        if not isinstance(value, dict):
            raise refuse(field, "not-an-object", "A JSON object is expected.")
        try:
            return read(self.kind, value)
        except BadInput as refused:
            named = (replace(each, field=f"{field}.{each.field}") for each in refused.problems)
            raise BadInput(*named) from refused

    def schema(self) -> dict[str, Any]:
        """Return the object's schema."""
        return schema(self.kind)


def query(request: Request, kind: type[Body], *, strict: bool = True) -> Body:
    """Read the query's parameters; each may stand once. Pages (`strict=False`) pass over unknown ones."""
    found: dict[str, object] = dict(request.query)
    if len(found) != len(request.query):
        raise BadInput(detail="A parameter stands twice in the query.")
    if not strict:
        known = shape(kind)
        found = {name: value for name, value in found.items() if name in known and value != ""}
    return read(kind, found)


async def form(request: Request, kind: type[Body]) -> Body:
    """Read a posted form; fields that `kind` does not know are passed over, blank ones count as left out."""
    sent = await posted(request)
    found: dict[str, object] = {}
    for name, (reader, optional) in shape(kind).items():
        values = sent.getall(name, [])
        if isinstance(reader, Many):
            found[name] = values
        elif values and (values[0].strip() or not optional):
            found[name] = values[0]
        elif not optional and isinstance(reader, Text):
            found[name] = ""
    return read(kind, found)
