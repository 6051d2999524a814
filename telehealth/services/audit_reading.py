"""The audit log for the privacy officer of an organization: the latest entries, with who acted by name."""

from dataclasses import dataclass

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction, AuditEntry
from telehealth.services.trail import Work, enter, require

SHOWN = 200
"""Entries that are shown at once."""


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One entry with the acting person's name, empty for patients and the system."""

    entry: AuditEntry
    name: str


class AuditReading:
    """Reads the log; reading it is entered too."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def recent(self, actor: Actor) -> list[AuditRow]:
        """Return the organization's latest entries, newest first."""
        own = actor.organization_id
        require(actor, Permission.AUDIT_READ, Subject(organizations=(own,)))
        async with self._work.units.writing() as uow:
            entries = await uow.audit.entries(organization_id=own, limit=SHOWN)
            people = await uow.directory.practitioners()
            names = {person.id: person.display for person in people}
            await enter(self._work, uow, actor, AuditAction.AUDIT_READ)
        rows = [AuditRow(entry, names.get(entry.actor_id, "")) for entry in entries]
        return sorted(rows, key=lambda row: row.entry.at, reverse=True)
