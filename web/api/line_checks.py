"""The check of somebody's line: the far end's answer, what was measured, and how to begin."""

from dataclasses import dataclass
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.line_check import Figures, RelayReached, Verdict, Way
from web.api.line_check_shapes import AnsweredShape, PlanShape, RelayShape
from web.api.present import answer
from web.limits import JOIN_TOKEN, address_of, spend
from web.readers import Choice, Flag, Text, Whole
from web.reading import json_body
from web.request import actor, services

MILLISECONDS = Whole(0, 60_000)
RATE = Whole(0, 1_000_000_000)
"""Bits a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineOffer:
    """A browser's offer of one data channel (SDP), all candidates in it."""

    sdp: Annotated[str, Text(8000, 1, lines=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresBody:
    """What was measured: bits a second, ms, and of a thousand datagrams how many get lost one way."""

    way: Annotated[Way, Choice(Way)]
    up: Annotated[int, RATE]
    down: Annotated[int, RATE]
    trip: Annotated[int, MILLISECONDS]
    jitter: Annotated[int, MILLISECONDS]
    loss: Annotated[int, Whole(0, 1000)]
    relay: Annotated[RelayReached, Choice(RelayReached)]
    camera: Annotated[bool, Flag()]
    microphone: Annotated[bool, Flag()]

    @property
    def figures(self) -> Figures:
        """What was measured."""
        return Figures(
            way=self.way,
            up=self.up,
            down=self.down,
            trip=self.trip,
            jitter=self.jitter,
            loss=self.loss,
            relay=self.relay,
            camera=self.camera,
            microphone=self.microphone,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFigures(FiguresBody):
    """What was measured by who holds a visit's link, the secret part of which comes along."""

    token: Annotated[str, Text(128, 1)]


async def offer(request: Request) -> Response:
    """Answer a browser that wants to measure its line. Nobody is asked who they are."""
    sent = await json_body(request, LineOffer)
    offered = sent.sdp.replace("\r\n", "\n") + "\n"
    answered = await services(request).line_checks.answer(offered, address_of(request))
    relays: list[RelayShape] = [
        {"urls": each["urls"], "username": each["username"], "credential": each["credential"]}
        for each in answered.relays
    ]
    shape: AnsweredShape = {"sdp": answered.sdp, "relays": relays}
    return answer(shape)


async def advise(request: Request) -> Response:
    """Say how a visit over such a line had best begin; nothing is kept."""
    found = await json_body(request, FiguresBody)
    return answer(_plan(services(request).line_checks.advise(found.figures)))


async def keep_by_link(request: Request) -> Response:
    """Keep what was measured with the visit of a link, and say how it had best begin."""
    found = await json_body(request, LinkFigures)
    spend(request, JOIN_TOKEN, found.token)
    return answer(_plan(await services(request).line_checks.keep_by_link(found.token, found.figures)))


async def keep(request: Request) -> Response:
    """Keep what was measured with the patient's own visit, and say how it had best begin."""
    found = await json_body(request, FiguresBody)
    return answer(_plan(await services(request).line_checks.keep(actor(request), found.figures)))


def _plan(verdict: Verdict) -> PlanShape:
    return {"plan": verdict.plan.value, "because": verdict.because.value}
