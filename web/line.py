"""How connections are handled below the application: what is no HTTP gets a quiet answer like all else."""

import logging
from http import HTTPStatus
from typing import Any

from aiohttp.web import AppRunner, BaseRequest, RequestHandler, Response, Server, StreamResponse

from web.headers import BARE

log = logging.getLogger("web")

HANDLING: dict[str, Any] = {
    "auto_decompress": False,  # a packed body is refused, never unpacked
    "lingering_time": 5.0,  # seconds for the rest of a body that was answered before its end
}
"""For Application(handler_args=…)."""


class PlainHandler(RequestHandler):
    """aiohttp's handler, whose own error pages repeat the line that is wrong, cookies and all."""

    __slots__ = ()

    def handle_error(
        self,
        request: BaseRequest,
        status: int = HTTPStatus.INTERNAL_SERVER_ERROR,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> StreamResponse:
        """Answer with the status in words and close; the log has the kind of trouble and nothing of it."""
        kind = type(exc).__name__ if exc is not None else "-"
        if status < HTTPStatus.INTERNAL_SERVER_ERROR:
            log.info("no readable request", extra={"reason": kind, "status": status})
        else:
            log.error("unexpected fault", exc_info=exc, extra={"status": status})
        if request.writer.output_size > 0:
            raise ConnectionError
        response = Response(status=status, text=f"{HTTPStatus(status).phrase}\n", headers=BARE)
        response.force_close()
        return response


class PlainServer(Server):
    """Hands each connection to a PlainHandler."""

    def __call__(self) -> RequestHandler:
        """Return the handler of a new connection."""
        return PlainHandler(self, loop=self._loop, **self._kwargs)


class PlainRunner(AppRunner):
    """Runs an application on PlainHandlers."""

    __slots__ = ()

    async def _make_server(self) -> Server:
        made = await super()._make_server()
        return PlainServer(
            made.request_handler,
            request_factory=made.request_factory,
            handler_cancellation=made.handler_cancellation,
            loop=made._loop,  # noqa: SLF001 - what aiohttp has put together is handed on as it is
            **made._kwargs,  # noqa: SLF001
        )
