"""/api/v1/resources: the rooms, devices and interpreters of the organization."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.appointment import ResourceKind
from telehealth.domain.resources import Resource
from telehealth.domain.words import LANGUAGE_LIMIT
from telehealth.services.resources import NAME_LIMIT, Description
from web.api.hours_shapes import ResourceListShape, ResourceShape
from web.api.present import answer, maybe_instant
from web.readers import IDENTIFIER, VERSION, Choice, Many, Text, Whole
from web.reading import json_body
from web.request import actor, identifier, services

PAUSE = Whole(0, 120)
MOST_LANGUAGES = 20


@dataclass(frozen=True, slots=True)
class ResourceBody:
    """A room, device or interpreter of a site; pauses in minutes, languages (BCP 47) of an interpreter."""

    site: Annotated[str, IDENTIFIER]
    kind: Annotated[ResourceKind, Choice(ResourceKind)]
    name: Annotated[str, Text(NAME_LIMIT, 1)]
    before_minutes: Annotated[int, PAUSE] = 0
    after_minutes: Annotated[int, PAUSE] = 0
    languages: Annotated[tuple[str, ...], Many(Text(LANGUAGE_LIMIT, 1), MOST_LANGUAGES)] = ()


@dataclass(frozen=True, slots=True)
class ResourceChange:
    """All that is said of it, and its `version` as it was read."""

    name: Annotated[str, Text(NAME_LIMIT, 1)]
    version: Annotated[int, VERSION]
    before_minutes: Annotated[int, PAUSE] = 0
    after_minutes: Annotated[int, PAUSE] = 0
    languages: Annotated[tuple[str, ...], Many(Text(LANGUAGE_LIMIT, 1), MOST_LANGUAGES)] = ()


@dataclass(frozen=True, slots=True)
class Retirement:
    """The `version` as it was read."""

    version: Annotated[int, VERSION]


async def listed(request: Request) -> Response:
    """List all of the organization, to keep them."""
    return answer(_list((await services(request).timing.resources.listed(actor(request))).resources))


async def bookable(request: Request) -> Response:
    """List what can be booked with a visit."""
    found = (await services(request).timing.resources.bookable(actor(request))).resources
    return answer(_list([each for each in found if each.retired_at is None]))


async def add(request: Request) -> Response:
    """Add a room, device or interpreter to a site."""
    sent = await json_body(request, ResourceBody)
    new = Description(sent.name, sent.before_minutes, sent.after_minutes, sent.languages)
    made = await services(request).timing.resources.add(actor(request), sent.site, sent.kind, new)
    return answer(_resource(made), status=201)


async def change(request: Request) -> Response:
    """Say something else of one; visits that have it stay as they are."""
    sent, which = await json_body(request, ResourceChange), identifier(request, "resource")
    said = Description(sent.name, sent.before_minutes, sent.after_minutes, sent.languages)
    desk = services(request).timing.resources
    return answer(_resource(await desk.change(actor(request), which, sent.version, said)))


async def retire(request: Request) -> Response:
    """Book one no more; visits that have it keep it."""
    sent, which = await json_body(request, Retirement), identifier(request, "resource")
    desk = services(request).timing.resources
    return answer(_resource(await desk.retire(actor(request), which, sent.version)))


def _list(resources: Sequence[Resource]) -> ResourceListShape:
    return {"resources": [_resource(each) for each in resources]}


def _resource(resource: Resource) -> ResourceShape:
    return {
        "id": resource.id,
        "site": resource.location_id,
        "kind": resource.kind.value,
        "name": resource.name,
        "languages": list(resource.languages),
        "before_minutes": resource.before_minutes,
        "after_minutes": resource.after_minutes,
        "retired_at": maybe_instant(resource.retired_at),
        "version": resource.version,
    }
