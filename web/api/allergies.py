"""/api/v1/visits/{visit}/allergies: what the patient of a visit must not be given."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.allergies import REACTION_LIMIT, SUBSTANCE_LIMIT, Allergy, Over, known, real, shown
from telehealth.services.allergies import Allergies, NewAllergy
from web.api.present import answer
from web.api.visit_shapes import AllergiesShape, AllergyShape
from web.readers import Choice, Flag, Text
from web.reading import json_body
from web.request import actor, identifier, services


@dataclass(frozen=True, slots=True)
class AllergyBody:
    """What the patient is allergic to, what it does, and whether it may be life-threatening."""

    substance: Annotated[str, Text(SUBSTANCE_LIMIT, 1)]
    reaction: Annotated[str, Text(REACTION_LIMIT)] = ""
    severe: Annotated[bool, Flag()] = False


@dataclass(frozen=True, slots=True)
class Ending:
    """Why it is taken away: resolved, or mistaken."""

    why: Annotated[Over, Choice(Over)]


async def listed(request: Request) -> Response:
    """Show what holds now."""
    return _answer(await _allergies(request).listed(actor(request), _visit(request)))


async def add(request: Request) -> Response:
    """Write an allergy into the record, or what is known now about one that stands."""
    sent = await json_body(request, AllergyBody)
    new = NewAllergy(sent.substance, sent.reaction, sent.severe)
    return _answer(await _allergies(request).add(actor(request), _visit(request), new))


async def none_known(request: Request) -> Response:
    """Write into the record that no allergy is known; repeating it changes nothing."""
    return _answer(await _allergies(request).none_known(actor(request), _visit(request)))


async def end(request: Request) -> Response:
    """Take an allergy away; repeating it changes nothing."""
    sent = await json_body(request, Ending)
    allergy = identifier(request, "allergy")
    return _answer(await _allergies(request).end(actor(request), _visit(request), allergy, sent.why))


def shape_of(allergies: Sequence[Allergy] | None) -> AllergiesShape:
    """Return what the record says, what threatens life first; of what goes on and on, the beginning.

    None is what is withheld: that is not nothing.
    """
    if allergies is None:
        return {"known": "withheld", "allergies": []}
    rows: list[AllergyShape] = [
        {
            "id": each.id,
            "substance": shown(each.substance),
            "reaction": shown(each.reaction),
            "severe": each.severe,
        }
        for each in real(allergies)
    ]
    return {"known": known(allergies).value, "allergies": rows}


def _answer(allergies: Sequence[Allergy]) -> Response:
    return answer(shape_of(allergies))


def _allergies(request: Request) -> Allergies:
    return services(request).consulting.allergies


def _visit(request: Request) -> str:
    return identifier(request, "visit")
