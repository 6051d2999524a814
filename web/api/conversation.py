"""/api/v1/visits/{visit}/conversation: what was written in a visit's call, for its specialist to read."""

from typing import TypedDict

from aiohttp.web import Request, Response

from telehealth.domain.conversation import Utterance
from web.api.present import answer, instant
from web.request import actor, identifier, services


class SaidShape(TypedDict):
    """One thing that was said: own words, or the name of a phrase; `sender` is the id in the call.

    `part` is what a guest was in the visit: relative, interpreter or clinician; empty for the others.
    """

    seq: int
    id: str
    sender: str
    name: str
    part: str
    kind: str
    phrase: str
    text: str
    at: str


class ConversationShape(TypedDict):
    """All that was written in a visit, in order."""

    said: list[SaidShape]


async def show(request: Request) -> Response:
    """Show what was written in the call of an own visit, also when it is long over."""
    visit = identifier(request, "visit")
    said = await services(request).conversation.of_visit(actor(request), visit)
    return answer(ConversationShape(said=[_said(each) for each in said]))


def _said(utterance: Utterance) -> SaidShape:
    return SaidShape(
        seq=utterance.seq,
        id=utterance.key,
        sender=utterance.sender,
        name=utterance.name,
        part=utterance.part.value if utterance.part else "",
        kind=utterance.kind.value,
        phrase=utterance.phrase.value,
        text=utterance.text,
        at=instant(utterance.said_at),
    )
