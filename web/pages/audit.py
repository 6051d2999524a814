"""The audit log for privacy officers: who has seen what, by patient, person, days and kind. No scripts.

Patients are found by POST, for names must not stand in addresses; between the pages only ids travel.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from aiohttp.web import Request, Response

from telehealth.domain.audit_kinds import AuditKind, purpose_of
from telehealth.domain.people import Patient
from telehealth.services.audit_reading import AuditPage
from telehealth.services.audit_rows import AuditSearch
from web.api.directory import Search, patient_query
from web.paging import LONGEST, after, position
from web.readers import OPTIONAL_IDENTIFIER, Choice, Day, Text
from web.reading import form, query
from web.render import page
from web.request import actor, services


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the log is wanted: ids, days and a kind."""

    patient: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    person: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    kind: Annotated[AuditKind | None, Choice(AuditKind)] = None
    first: Annotated[date | None, Day()] = None
    last: Annotated[date | None, Day()] = None
    cursor: Annotated[str, Text(LONGEST)] = ""

    @property
    def search(self) -> AuditSearch:
        """The same as the service is asked."""
        before = position(self.cursor) if self.cursor else None
        return AuditSearch(
            patient_id=self.patient,
            actor_id=self.person,
            kind=self.kind,
            first=self.first,
            last=self.last,
            before=before,
        )

    def address(self, cursor: str = "") -> str:
        """Return the query of the same question, from a cursor on."""
        fields: dict[str, object] = {"patient": self.patient, "person": self.person, "kind": self.kind}
        fields |= {"first": self.first, "last": self.last, "cursor": cursor}
        return urlencode({name: str(value) for name, value in fields.items() if value})


async def show(request: Request) -> Response:
    """Show a page of the log, newest entries first."""
    asked = query(request, Asked, strict=False)
    return _page(request, asked, await services(request).audit.page(actor(request), asked.search))


async def search(request: Request) -> Response:
    """Show the patients who match exactly; each leads to what was done about them."""
    sent = await form(request, Search)
    found = await services(request).audit.find(actor(request), patient_query(sent))
    return await _found(request, found)


async def again_search(request: Request) -> Response:
    """Show the search once more, with what was wrong about it."""
    return await _found(request, None)


async def _found(request: Request, found: Sequence[Patient] | None) -> Response:
    log = await services(request).audit.page(actor(request), AuditSearch())
    return _page(request, Asked(), log, found)


def _page(request: Request, asked: Asked, log: AuditPage, found: Sequence[Patient] | None = None) -> Response:
    last = log.rows[-1].entry if log.more else None
    return page(
        request,
        "staff/audit.html",
        asked=asked,
        log=log,
        found=found,
        kinds=list(AuditKind),
        purpose_of=purpose_of,
        older=asked.address(after(last.at, last.id)) if last else "",
    )
