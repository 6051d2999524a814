"""What other services tell us afterwards: the SMS gateway's reports (telehealth/notify/README.md)."""

from dataclasses import dataclass
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.services.gateway_reports import Reported
from web.body import TooLarge, whole
from web.readers import IDENTIFIER, Choice
from web.reading import parse, read
from web.request import services

TIMESTAMP, SIGNATURE = "X-Timestamp", "X-Signature"
LARGEST = 4096
"""Bytes of a report."""


@dataclass(frozen=True, slots=True)
class Report:
    """Which SMS, and what became of it."""

    reference: Annotated[str, IDENTIFIER]
    status: Annotated[Reported, Choice(Reported)]


async def sms(request: Request) -> Response:
    """Take the gateway's report about one SMS."""
    body = await whole(request)
    if len(body) > LARGEST:
        raise TooLarge
    told = request.headers
    services(request).messages.reports.check(told.get(TIMESTAMP, ""), told.get(SIGNATURE, ""), body)
    sent = read(Report, parse(body))
    await services(request).messages.reports.take(sent.reference, sent.status)
    return Response(status=204)
