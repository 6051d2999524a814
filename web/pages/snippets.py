"""A clinician's own short texts for notes: listed, kept, taken out. Complete without scripts."""

from dataclasses import dataclass
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.snippets import NAME_LIMIT, TEXT_LIMIT
from web.gates import see
from web.readers import Text
from web.reading import form
from web.render import page
from web.request import actor, services

NAME = Text(NAME_LIMIT + 1)


@dataclass(frozen=True, slots=True)
class Typed:
    """A text, and the name of the one in whose place it is kept; a dot before the name is not part of it."""

    name: Annotated[str, NAME] = ""
    text: Annotated[str, Text(2 * TEXT_LIMIT, lines=True)] = ""
    instead: Annotated[str, NAME] = ""


async def show(request: Request) -> Response:
    """Show the texts, and the form for one: a new one, or that whose name is asked for."""
    found = await services(request).consulting.aids.snippets.listed(actor(request))
    asked = request.query.get("change", "")
    chosen = next((each for each in found.texts if each.name == asked), None)
    done = request.query.get("done", "")
    return page(request, "staff/snippets.html", found=found, chosen=chosen, done=done, most=TEXT_LIMIT)


async def keep(request: Request) -> Response:
    """Keep a text."""
    sent = await form(request, Typed)
    name, text = sent.name.removeprefix("."), sent.text.replace("\r\n", "\n")
    await services(request).consulting.aids.snippets.keep(actor(request), name, text, sent.instead)
    return see("/snippets?done=kept")


async def remove(request: Request) -> Response:
    """Take a text out."""
    sent = await form(request, Typed)
    await services(request).consulting.aids.snippets.remove(actor(request), sent.instead)
    return see("/snippets?done=removed")
