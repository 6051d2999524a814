"""/fhir/R4/$export and what follows (Bulk Data): a program asks, looks how far it is, and fetches files."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from aiohttp.web import Request, Response, StreamResponse, json_response

from telehealth.domain.errors import NotFound
from telehealth.domain.exports import Export, ExportState
from telehealth.domain.record import READABLE
from telehealth.fhir.outcome import accepted, failed
from telehealth.fhir.parameters import refusal
from telehealth.fhir.text import instant
from telehealth.services.exporting import Asked
from web.fhir.record import FHIR_JSON, base
from web.fhir.searching import asked
from web.readers import Instant
from web.request import actor, identifier, services

NDJSON = "application/fhir+ndjson"
FORMATS = (NDJSON, "application/ndjson", "ndjson")
TAKEN = ("_outputFormat", "_since", "_type")
INSTANT, WAIT = Instant(), 5
SUFFIX = ".ndjson"


async def start(request: Request) -> Response:
    """Begin an export of all that a program may read of its house's patients."""
    if "respond-async" not in request.headers.get("Prefer", "").replace(" ", "").split(","):
        raise refusal("Prefer", "required", "Ask with Prefer: respond-async.")
    given = asked(request, TAKEN)
    if given.get("_outputFormat", NDJSON) not in FORMATS:
        raise refusal("_outputFormat", "value", f"Only {NDJSON} is written here.")
    since = INSTANT.read(given["_since"], "_since") if "_since" in given else None
    here = base(request)
    wanted = Asked(_types(given.get("_type")), since, f"{here}{request.rel_url.path_qs[len('/fhir/R4') :]}")
    made = await services(request).record.exporting.start(actor(request), wanted)
    place = f"{here}/export-status/{made.id}"
    told = accepted(f"Ask {place} how far it is.")
    return json_response(told, status=202, headers={"Content-Location": place}, content_type=FHIR_JSON)


async def status(request: Request) -> Response:
    """Tell how far an export is, or where its files are."""
    found = await services(request).record.exporting.one(actor(request), identifier(request, "export"))
    if found.state is ExportState.FAILED:
        told = failed("The export could not be written. Delete it and ask again.")
        return json_response(told, status=500, content_type=FHIR_JSON)
    if found.state is ExportState.RUNNING:
        waiting = {"X-Progress": f"{found.done} of {found.total} patients", "Retry-After": str(WAIT)}
        return Response(status=202, headers=waiting)
    until = found.over_at.strftime("%a, %d %b %Y %H:%M:%S GMT")
    return json_response(_manifest(found, base(request)), headers={"Expires": until})


async def end(request: Request) -> Response:
    """Cancel an export, or erase its files."""
    await services(request).record.exporting.end(actor(request), identifier(request, "export"))
    return Response(status=202)


async def file(request: Request) -> StreamResponse:
    """Give a file away, piece by piece."""
    name = identifier(request, "file")
    if not name.endswith(SUFFIX):
        raise NotFound
    exporting, export = services(request).record.exporting, identifier(request, "export")
    pieces = await exporting.fetch(actor(request), export, name.removesuffix(SUFFIX))
    response = StreamResponse()
    response.content_type = NDJSON
    async with aclosing(pieces):
        first = await anext(pieces, b"")  # what cannot be opened at all is refused as everywhere
        await response.prepare(request)
        await _poured(request, response, first, pieces)
    return response


async def _poured(
    request: Request, response: StreamResponse, first: bytes, pieces: AsyncGenerator[bytes]
) -> None:
    """Write all pieces; a fault hangs up, so that what has come so far is not taken for the whole."""
    try:
        await response.write(first)
        async for piece in pieces:
            await response.write(piece)
        await response.write_eof()
    except ConnectionResetError:
        return  # whoever asked has hung up
    except Exception:
        if request.transport is not None:
            request.transport.close()
        raise


def _types(text: str | None) -> tuple[str, ...]:
    if text is None:
        return ()
    wanted: Sequence[str] = text.split(",")
    if not set(wanted) <= set(READABLE):
        raise refusal("_type", "unknown", f"Of these types: {', '.join(READABLE)}.")
    return tuple(each for each in READABLE if each in wanted)


def _manifest(export: Export, base: str) -> dict[str, object]:
    output = [
        {"type": each.type, "url": f"{base}/export-file/{export.id}/{each.type}{SUFFIX}", "count": each.count}
        for each in export.files
    ]
    return {
        "transactionTime": instant(export.made_at),
        "request": export.request,
        "requiresAccessToken": True,
        "output": output,
        "error": [],
    }
