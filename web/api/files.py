"""/api/v1/visits/{visit}/files: pictures and documents shown in a call, into the record and out of it."""

from typing import TypedDict

from aiohttp.web import Request, Response

from telehealth.domain.files import LARGEST_FILE, FileKind
from web.api.present import answer
from web.reading import file_bytes
from web.request import actor, identifier, services

NAMES = {FileKind.JPEG: "picture.jpg", FileKind.PNG: "picture.png", FileKind.PDF: "document.pdf"}
ALONE = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
"""What somebody has sent runs nothing and asks for nothing; the browser's page around a picture is styled."""


class KeptShape(TypedDict):
    """Under which id the file stands in the record."""

    id: str


async def keep(request: Request) -> Response:
    """Write a picture or document that was shown in the call into the record; the same one once."""
    kinds = tuple(each.value for each in FileKind)
    raw = await file_bytes(request, kinds, LARGEST_FILE)
    kind = FileKind(request.content_type)
    visit = identifier(request, "visit")
    kept = await services(request).consulting.files.keep(actor(request), visit, kind, raw)
    return answer(KeptShape(id=kept), status=201)


async def show(request: Request) -> Response:
    """Show a picture of the patient's record, or send a document to be saved."""
    visit, file = identifier(request, "visit"), identifier(request, "file")
    found = await services(request).consulting.files.opened(actor(request), visit, file)
    way = "attachment" if found.kind is FileKind.PDF else "inline"
    headers = {
        "Content-Disposition": f'{way}; filename="{NAMES[found.kind]}"',
        "Content-Security-Policy": ALONE,
    }
    return Response(body=found.content, content_type=found.kind.value, headers=headers)
