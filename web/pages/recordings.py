"""Recordings: the parts of the call's pages about them, the list of a visit, and playing one in pieces."""

import re
from collections.abc import AsyncIterator
from http import HTTPStatus

from aiohttp.web import Request, Response, StreamResponse

from telehealth.domain.errors import NotFound
from telehealth.services.recording_repository import Film
from web.render import page
from web.request import actor, identifier, services

PIECE = 256 * 1024
"""Bytes that are opened at a time."""
RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})")
PARTICIPANT = re.compile(r"s|p|g\d{1,3}")


async def words(request: Request) -> Response:
    """Show what the page of a patient or guest fetches when somebody wants to record the call."""
    return page(request, "patient/recording.html")


async def panel(request: Request) -> Response:
    """Show what the clinic's page fetches when a call is to be recorded."""
    return page(request, "staff/recording.html")


async def of_visit(request: Request) -> Response:
    """Show what was recorded of a visit."""
    found = await services(request).company.recordings.of_visit(actor(request), identifier(request, "visit"))
    return page(request, "staff/recordings.html", found=found)


async def played(request: Request) -> StreamResponse:
    """Play a recording, from where the player asks for it on."""
    return await _sent(request, export=False)


async def saved(request: Request) -> StreamResponse:
    """Give a recording away as a file."""
    return await _sent(request, export=True)


async def _sent(request: Request, *, export: bool) -> StreamResponse:
    participant = identifier(request, "participant")
    if not PARTICIPANT.fullmatch(participant):
        raise NotFound
    opened = await services(request).company.recordings.play(
        actor(request), identifier(request, "recording"), participant, export=export
    )
    response = _headed(request, opened.film.size, export=export)
    if response.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        return response
    start, end = _asked(request, opened.film.size) or (0, opened.film.size)
    await response.prepare(request)
    if request.method != "HEAD":
        async for piece in _pieces(opened.film, start, end):
            await response.write(piece)
    await response.write_eof()
    return response


def _headed(request: Request, size: int, *, export: bool) -> StreamResponse:
    """Return the answer before its body: all of it, a part (RFC 9110, 14.2), or that there is none."""
    span = _asked(request, size)
    if span is not None and span[0] >= span[1]:
        return Response(
            status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers={"Content-Range": f"bytes */{size}"}
        )
    response = StreamResponse(status=206 if span else 200)
    start, end = span or (0, size)
    response.content_type, response.content_length = "video/webm", end - start
    response.headers["Accept-Ranges"] = "bytes"
    if span:
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    if export:
        response.headers["Content-Disposition"] = 'attachment; filename="recording.webm"'
    return response


def _asked(request: Request, size: int) -> tuple[int, int] | None:
    """Return from which byte before which one is asked for; None for all, also where it cannot be read."""
    found = RANGE.fullmatch(request.headers.get("Range", ""))
    if found is None:
        return None
    last = int(found[2]) if found[2] else size - 1
    return int(found[1]), min(last + 1, size)


async def _pieces(film: Film, start: int, end: int) -> AsyncIterator[bytes]:
    for at in range(start, end, PIECE):
        yield await film.read(at, min(PIECE, end - at))
