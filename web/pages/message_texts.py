"""Message texts: what the organization says to its patients, with a preview; complete without scripts."""

from dataclasses import dataclass
from typing import Annotated, Any

from aiohttp.web import Request, Response

from telehealth.domain.outbox import NOT_BY_VIDEO
from telehealth.domain.own_text import LONGEST, OwnText
from telehealth.domain.segments import segments
from telehealth.services.message_texts import TextView
from web.gates import see
from web.keys import LANGUAGE
from web.language import direction, match
from web.readers import Text, Whole
from web.reading import form
from web.render import page
from web.request import actor, identifier, services

PREVIEW = "preview"


@dataclass(frozen=True, slots=True)
class TextBody:
    """The form: what is said, over which version, and whether it is only tried."""

    subject: Annotated[str, Text(LONGEST["subject"])]
    body: Annotated[str, Text(LONGEST["body"] + 200, lines=True)]
    sms: Annotated[str, Text(LONGEST["sms"])]
    version: Annotated[int, Whole(0, 1_000_000)]
    do: Annotated[str, Text(20)] = ""


async def listed(request: Request) -> Response:
    """Show every kind of message in one language, the reader's own where none was chosen."""
    lines = await services(request).messages.texts.listed(actor(request))
    offered = list(dict.fromkeys(each.language for each in lines))
    chosen = match(request.query.get("language") or request[LANGUAGE], offered) or offered[0]
    done = request.query.get("done", "")
    about: dict[str, Any] = {"lines": lines, "others": list(NOT_BY_VIDEO.values())}
    return page(request, "staff/texts_of_messages.html", **about, offered=offered, chosen=chosen, done=done)


async def show(request: Request) -> Response:
    """Show one wording with its preview."""
    view = await services(request).messages.texts.read(actor(request), *_which(request))
    return _page(request, view)


async def keep(request: Request) -> Response:
    """Keep a wording, or only show what it says."""
    sent = await form(request, TextBody)
    kind, language = _which(request)
    body = sent.body.replace("\r\n", "\n")
    draft = OwnText("", kind, language, sent.subject, body, sent.sms, sent.version)
    if sent.do == PREVIEW:
        return _page(request, await services(request).messages.texts.preview(actor(request), draft))
    await services(request).messages.texts.save(actor(request), draft)
    return see(f"/texts?language={language}&done=kept")


async def reset(request: Request) -> Response:
    """Go back to the standard wording."""
    kind, language = _which(request)
    await services(request).messages.texts.reset(actor(request), kind, language)
    return see(f"/texts?language={language}&done=reset")


def _which(request: Request) -> tuple[str, str]:
    return identifier(request, "kind"), identifier(request, "language")


def _page(request: Request, view: TextView) -> Response:
    language = view.text.language
    return page(
        request,
        "staff/text_of_message.html",
        view=view,
        text_dir=direction(language),
        parts=segments(view.preview.sms),
        paragraphs=[each.split("\n") for each in view.preview.text.strip().split("\n\n")],
    )
