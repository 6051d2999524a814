"""Before anybody is connected: the origin is ours, the cookie is somebody's, and not too often.

Nothing of Socket.IO runs for a request that does not pass here (PROTOCOL.md, Connecting), and no connection
without a socket comes to be (PROTOCOL.md, Without a websocket).
"""

import hashlib
import hmac
import json
import logging
from collections.abc import Collection
from http import HTTPStatus

from aiohttp.web import Request, RequestKey, Response, WebSocketResponse

from signaling.doors import Credentials, Doorkeeper
from signaling.limits import Buckets, Limits
from signaling.messages import MAX_VISIT
from telehealth.domain.access import Actor
from telehealth.domain.errors import Refused
from telehealth.services.ports import Clock

ADMITTED = RequestKey("admitted", Actor)
"""Whom a request that passed belongs to."""

logger = logging.getLogger("signaling.gate")

DETAILS = {
    "websocket-only": "This address speaks WebSocket only.",
    "not-signed-in": "Please sign in or open the link of the visit again.",
    "bad-origin": "This page may not connect here.",
    "too-fast": "Too many connections. Please wait a moment.",
    "draining": "The service is about to restart. Please try again in a moment.",
    "bad-message": "That message cannot be understood.",
    "cross-site": "This page has been open for too long. Please reload it and try again.",
    "not-connected": "This connection is over. Please connect again.",
    "too-slow": "This took too long to arrive. Please try again.",
    "out-of-order": "Something that comes before this has not arrived.",
    "too-large": "That message is too large.",
}


class TurnedAway(Exception):
    """A request that is refused before anything is done."""

    def __init__(self, status: HTTPStatus, code: str, retry_after: int = 0) -> None:
        self.status = status
        self.code = code
        self.retry_after = retry_after
        super().__init__(code)

    def response(self) -> Response:
        """Return the refusal as RFC 9457 has it."""
        problem = {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": self.status.value,
            "code": self.code,
            "detail": DETAILS[self.code],
        }
        headers = {"Cache-Control": "no-store"}
        if self.retry_after:
            headers["Retry-After"] = str(self.retry_after)
        return Response(
            status=self.status,
            body=json.dumps(problem).encode(),
            content_type="application/problem+json",
            headers=headers,
        )


class Gate:
    """Decides about a request and leaves the actor on it under ADMITTED."""

    def __init__(
        self,
        doorkeeper: Doorkeeper,
        credentials: Credentials,
        clock: Clock,
        *,
        origins: Collection[str],
        limits: Limits,
    ) -> None:
        self.closed = False
        self._doorkeeper = doorkeeper
        self._credentials = credentials
        self._clock = clock
        self._origins = origins
        self._addresses = Buckets(limits.connects_of_address)
        self._sessions = Buckets(limits.connects_of_session)

    async def admit(self, request: Request) -> None:
        """Let a websocket's handshake pass, or raise TurnedAway."""
        self._knock(request)
        if not is_websocket(request):
            raise TurnedAway(HTTPStatus.BAD_REQUEST, "websocket-only")
        self._from_our_page(request)
        request[ADMITTED] = await self._somebody(request)

    async def admit_page(self, request: Request) -> Actor:
        """Return who connects without a socket, or raise TurnedAway."""
        self._knock(request)
        self.check_page(request)
        actor = await self._somebody(request)
        self.check_token(request, actor.session_id)
        return actor

    def check_page(self, request: Request) -> None:
        """Raise TurnedAway where a browser says that a request comes from elsewhere."""
        self._from_our_page(request)
        if any(site != "same-origin" for site in request.headers.getall("Sec-Fetch-Site", ())):
            raise TurnedAway(HTTPStatus.FORBIDDEN, "bad-origin")

    def check_token(self, request: Request, session_id: str) -> None:
        """Raise TurnedAway for a write without the token of a page of this session."""
        if not self._credentials.vouches(request, session_id):
            raise TurnedAway(HTTPStatus.FORBIDDEN, "cross-site")

    async def recognise(self, request: Request, session_id: str, mark: bytes) -> bytes | None:
        """Return the mark of a request's cookie where it is one of this session, else None.

        Only a cookie that is not the one of `mark` is looked up: its session may have been given a new one.
        """
        found = self.mark(request)
        if hmac.compare_digest(found, mark):
            return mark
        actor = await self._actor(request)
        return found if actor is not None and actor.session_id == session_id else None

    def mark(self, request: Request) -> bytes:
        """Return what stands for a request's cookie."""
        return hashlib.sha256(repr(self._credentials.credentials(request)).encode()).digest()

    def charge(self, request: Request) -> None:
        """Count what leads nowhere as a connect: guessing costs what connecting does."""
        if not self._addresses.take(self._credentials.address(request), self._clock.now().timestamp()):
            raise TurnedAway(HTTPStatus.TOO_MANY_REQUESTS, "too-fast", retry_after=5)

    def unknown(self, request: Request) -> TurnedAway:
        """Return the refusal of a connection that is not there; raise it where there were too many."""
        self.charge(request)
        return TurnedAway(HTTPStatus.NOT_FOUND, "not-connected")

    def full(self) -> TurnedAway:
        """Return the refusal of a server that cannot take more now."""
        return TurnedAway(HTTPStatus.SERVICE_UNAVAILABLE, "draining", retry_after=2)

    def prune(self) -> None:
        """Forget old counts."""
        now = self._clock.now().timestamp()
        self._addresses.prune(now)
        self._sessions.prune(now)

    def _knock(self, request: Request) -> None:
        if self.closed:
            raise self.full()
        self.charge(request)

    def _from_our_page(self, request: Request) -> None:
        if any(origin not in self._origins for origin in request.headers.getall("Origin", ())):
            raise TurnedAway(HTTPStatus.FORBIDDEN, "bad-origin")

    async def _somebody(self, request: Request) -> Actor:
        """Return who is there, within what their session may do."""
        actor = await self._actor(request)
        if actor is None:
            raise TurnedAway(HTTPStatus.UNAUTHORIZED, "not-signed-in")
        if not self._sessions.take(actor.session_id, self._clock.now().timestamp()):
            raise TurnedAway(HTTPStatus.TOO_MANY_REQUESTS, "too-fast", retry_after=6)
        return actor

    async def _actor(self, request: Request) -> Actor | None:
        credential = self._credentials.credentials(request)
        if credential is None:
            return None
        kind, key, token = credential
        try:
            if kind == "staff":
                return await self._doorkeeper.staff(token)
            if not key or len(key) > MAX_VISIT:
                return None
            ask = self._doorkeeper.visitor if kind == "visit" else self._doorkeeper.guest
            return await ask(key, token)
        except Refused:
            return None
        except Exception:
            logger.exception("the doorkeeper failed")
            raise self.full() from None


def is_websocket(request: Request) -> bool:
    """Whether this is a fresh websocket handshake of Engine.IO 4, without the `sid` of somebody's session."""
    query = request.query
    return (
        request.method == "GET"
        and query.get("transport") == "websocket"
        and query.get("EIO") == "4"
        and "sid" not in query
        and "j" not in query
        and WebSocketResponse().can_prepare(request).ok
    )
