"""The addresses of a room without a websocket: questions and events in, each answered with what is new."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from http import HTTPStatus

from aiohttp.web import Application, Request, RequestPayloadError, Response

from signaling.batches import format_news, parse_batch, parse_name, parse_since
from signaling.gate import Gate, TurnedAway
from signaling.limits import Limits, bucket
from signaling.messages import Wire
from signaling.outlets import Switch
from signaling.polled import Polled
from signaling.refusals import Misread
from telehealth.crypto.chance import Chance
from telehealth.crypto.tokens import session_token
from telehealth.services.ports import Clock

PATH = "/live"
NAME = "X-Connection"

logger = logging.getLogger("signaling.polling")


class Polling:
    """The outlet of those who ask, and the door that they ask at."""

    def __init__(self, gate: Gate, switch: Switch, clock: Clock, chance: Chance, limits: Limits) -> None:
        self._gate = gate
        self._switch = switch
        self._clock = clock
        self._chance = chance
        self._limits = limits
        self._all: dict[str, Polled] = {}
        self._gone = asyncio.Event()

    def __len__(self) -> int:
        return len(self._all)

    def __contains__(self, connection_id: str) -> bool:
        return connection_id in self._all

    def attach(self, app: Application) -> None:
        """Serve the four addresses in `app`."""
        table = (
            ("POST", PATH, self._connect),
            ("GET", PATH, self._ask),
            ("POST", f"{PATH}/events", self._say),
            ("POST", f"{PATH}/end", self._end),
        )
        for method, path, handler in table:
            app.router.add_route(method, path, partial(self._door, handler))

    def post(self, connection_id: str, event: str, body: Wire) -> None:
        """Put one event to the news; who never fetches them loses the connection."""
        polled = self._all.get(connection_id)
        if polled is None:
            return
        if polled.unread >= self._limits.queued_packets:
            # Not at once: what follows from the loss would overtake what is being sent just now.
            asyncio.get_running_loop().call_soon(self._lose, polled, "unread")
            return
        polled.tell(event=event, body=body)

    def close(self, connection_id: str) -> None:
        """End a connection after its next answer, or without one when nobody asks."""
        polled = self._all.get(connection_id)
        if polled is None:
            return
        polled.over = True
        polled.answer()
        asyncio.get_running_loop().call_later(self._limits.close_within, self._lose, polled, "closed")

    async def emptied(self) -> None:
        """Wait until nobody is left."""
        while self._all:
            self._gone.clear()
            await self._gone.wait()

    def abort_all(self) -> None:
        """Forget everybody who is left."""
        for polled in list(self._all.values()):
            self._lose(polled, "aborted")

    def tick(self) -> None:
        """Take who has not asked for long for a lost socket."""
        now = self._clock.now()
        for polled in list(self._all.values()):
            if now - polled.heard >= self._limits.silence:
                self._lose(polled, "silent")

    async def _door(self, handler: Callable[[Request], Awaitable[Wire]], request: Request) -> Response:
        """Answer one request; the only place where refusals become answers."""
        try:
            body = await handler(request)
        except Misread as misread:
            return TurnedAway(HTTPStatus.BAD_REQUEST, misread.code.value).response()
        except TurnedAway as refusal:
            logger.info("turned away", extra={"code": refusal.code})
            return refusal.response()
        return Response(
            body=json.dumps(body).encode(),
            content_type="application/json",
            headers={"Cache-Control": "no-store"},
        )

    async def _connect(self, request: Request) -> Wire:
        if self._switch.full():
            raise self._gate.full()
        actor = await self._gate.admit_page(request)
        now, rate = self._clock.now(), self._limits.requests
        mark, requests = self._gate.mark(request), bucket(rate, now.timestamp())
        polled = Polled(session_token(self._chance), actor.session_id, mark, requests, now)
        self._all[polled.id] = polled
        if not self._switch.connected(polled.id, actor):
            del self._all[polled.id]
            raise TurnedAway(HTTPStatus.UNAUTHORIZED, "not-signed-in")
        return {"ok": True, "connection": polled.id}

    async def _ask(self, request: Request) -> Wire:
        polled = await self._known(request, request.headers.get(NAME, ""))
        polled.arrived(parse_since(request.query.get("since", "")))
        await polled.wait(self._limits.hold)
        return self._told(polled)

    async def _say(self, request: Request) -> Wire:
        polled = await self._known(request, request.headers.get(NAME, ""))
        self._gate.check_token(request, polled.session_id)
        try:
            batch = parse_batch(await self._body(request), self._limits.batch)
            polled.arrived(batch.since)
        except (Misread, TooLarge):
            self._lose(polled, "unreadable")
            raise
        async with polled.order:
            if batch.first > polled.taken + 1:
                raise TurnedAway(HTTPStatus.CONFLICT, "out-of-order")
            for number, (event, body) in enumerate(batch.events, batch.first):
                if number > polled.taken:
                    await self._take(polled, number, event, body)
        return self._told(polled)

    async def _take(self, polled: Polled, number: int, event: str, body: object) -> None:
        if polled.unread >= self._limits.queued_packets:
            self._lose(polled, "unread")
            raise TurnedAway(HTTPStatus.NOT_FOUND, "not-connected")
        polled.taken = number
        answer, afterwards = await self._switch.said(event, polled.id, body)
        with polled.answering():
            polled.tell(ack=number, body=answer)
            afterwards()

    async def _end(self, request: Request) -> Wire:
        self._gate.check_page(request)
        try:
            name = parse_name(await self._body(request))
        except (Misread, TurnedAway):
            self._gate.charge(request)
            raise
        self._lose(await self._known(request, name), "left")
        return {"ok": True}

    async def _known(self, request: Request, name: str) -> Polled:
        """Return the connection of this name where the request comes from whoever opened it."""
        self._gate.check_page(request)
        polled = self._all.get(name)
        mark = await self._gate.recognise(request, polled.session_id, polled.mark) if polled else None
        if polled is None or mark is None or polled.id not in self._all:
            raise self._gate.unknown(request)
        now = self._clock.now()
        if not polled.requests.take(now.timestamp()):
            raise TurnedAway(HTTPStatus.TOO_MANY_REQUESTS, "too-fast", retry_after=1)
        polled.mark, polled.heard = mark, now
        return polled

    async def _body(self, request: Request) -> bytes:
        """Return a body that is not too large and comes in time."""
        most = self._limits.message_bytes
        try:
            async with asyncio.timeout(self._limits.body_within):
                await request.content.readexactly(most + 1)
        except asyncio.IncompleteReadError as whole:
            return whole.partial
        except TimeoutError as error:
            raise TurnedAway(HTTPStatus.REQUEST_TIMEOUT, "too-slow") from error
        except (OSError, RequestPayloadError) as error:
            raise TurnedAway(HTTPStatus.BAD_REQUEST, "bad-message") from error
        raise TooLarge

    def _told(self, polled: Polled) -> Wire:
        """Return the news; with the last of them the connection is over."""
        if polled.id not in self._all and not polled.over:
            raise TurnedAway(HTTPStatus.NOT_FOUND, "not-connected")
        if polled.over:
            self._lose(polled, "closed")
        return format_news(polled.news(), over=polled.over)

    def _lose(self, polled: Polled, reason: str) -> None:
        if self._all.pop(polled.id, None) is None:
            return
        polled.answer()
        self._switch.disconnected(polled.id, reason)
        self._gone.set()


class TooLarge(TurnedAway):
    """A body above the limit."""

    def __init__(self) -> None:
        super().__init__(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large")
