"""After the visit: what was agreed and comes next, as part of the visit's page; one tap; who has read it."""

from dataclasses import dataclass
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.feedback import Answer, Trouble
from web.gates import see
from web.keys import ACTOR, LANGUAGE, SERVICES
from web.papers import paper
from web.readers import Choice, Many
from web.reading import form
from web.render import page


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """How it went, and what was wrong."""

    answer: Annotated[Answer, Choice(Answer)]
    trouble: Annotated[tuple[Trouble, ...], Many(Choice(Trouble), len(Trouble))] = ()


async def show(request: Request) -> Response:
    """Show what the visit's page fetches once the call is over."""
    after = await request.app[SERVICES].after.view(request[ACTOR])
    return page(request, "patient/afterwards_part.html", after=after, visit_id=after.visit.id)


async def summary(request: Request) -> Response:
    """Send what was agreed as a paper to keep."""
    kept = await request.app[SERVICES].after.summary(request[ACTOR])
    return await paper(
        request, "patient/summary_paper.html", name="visit", after=kept.after, about=kept.named
    )


async def seen(request: Request) -> Response:
    """Show the patient who has read about them, when and why."""
    trail = await request.app[SERVICES].audit.own.view(request[ACTOR])
    organization, phone = trail.organization, trail.phone
    return page(request, "patient/seen.html", trail=trail, organization=organization, phone=phone)


async def say(request: Request) -> Response:
    """Keep the answer; the page shows it, and can change it until the visit's session ends."""
    said = await form(request, Said)
    await request.app[SERVICES].after.say(request[ACTOR], said.answer, said.trouble)
    return see(f"/v/{request[ACTOR].visit_id}?lang={request[LANGUAGE]}#feedback")
