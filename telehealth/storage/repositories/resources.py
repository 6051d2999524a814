"""Rooms, devices and interpreters as rows, and which appointments have them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update

from telehealth.crypto.purposes import Purpose
from telehealth.domain.resources import NEEDED, Party, Resource, in_order
from telehealth.domain.scheduling import Interval
from telehealth.storage.repositories.claims import wanted_of
from telehealth.storage.repositories.shapes import Joined, columns, values
from telehealth.storage.rows.appointments import appointment_resource
from telehealth.storage.rows.resources import resources
from telehealth.storage.sealing import Place, Vault, staff_of
from telehealth.storage.transaction import Transaction

SEALED = ("name", "languages")
PARTS = Joined(resources, appointment_resource)


class ResourceRows:
    """The Resources Protocol."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    async def add(self, resource: Resource) -> None:
        """Insert a resource."""
        await self._transaction.insert(resources, self._row(resource))

    async def save(self, resource: Resource) -> None:
        """Write all of a resource; raises StaleVersion unless the stored version is exactly one less."""
        c = resources.c
        statement = update(resources).where(c.id == resource.id, c.version == resource.version - 1)
        await self._transaction.swap(statement.values(self._row(resource)))

    async def get(self, resource_id: str) -> Resource | None:
        """Return one resource."""
        row = await self._transaction.first(select(resources).where(resources.c.id == resource_id))
        return self._resource(columns(row)) if row else None

    async def of(self, organization_id: str) -> list[Resource]:
        """Return an organization's, those in use by kind and name, then the retired ones."""
        statement = select(resources).where(resources.c.organization_id == organization_id)
        found = [self._resource(columns(row)) for row in await self._transaction.all(statement)]
        return sorted(found, key=in_order)

    async def parties(self, appointment_ids: Sequence[str]) -> dict[str, list[Party]]:
        """Return what each of these appointments has or had, from one query."""
        found: dict[str, list[Party]] = {each: [] for each in appointment_ids}
        claim = appointment_resource.c
        statement = (
            select(resources, appointment_resource)
            .join(appointment_resource, claim.resource_id == resources.c.id)
            .where(claim.appointment_id.in_(appointment_ids), claim.kind.in_(NEEDED))
        )
        for row in await self._transaction.all(statement) if found else []:
            taken = PARTS.part(row, appointment_resource)
            found[taken["appointment_id"]].append(party_of(self._vault, PARTS.part(row, resources), taken))
        return {
            each: sorted(parties, key=lambda each: in_order(each.resource)) for each, parties in found.items()
        }

    def _row(self, resource: Resource) -> dict[str, Any]:
        row = values(resource, *SEALED)
        content = {"name": resource.name, "languages": resource.languages}
        return row | self._vault.seal(place_of(row), content)

    def _resource(self, row: dict[str, Any]) -> Resource:
        return _resource_of(self._vault, row)


def party_of(vault: Vault, resource: dict[str, Any], taken: dict[str, Any]) -> Party:
    """Return what an appointment has, from a row of the resource and one of its claim."""
    wanted = wanted_of(vault, resource["organization_id"], taken)
    return Party(_resource_of(vault, resource), wanted, Interval(taken["busy_start"], taken["busy_end"]))


def _resource_of(vault: Vault, row: dict[str, Any]) -> Resource:
    content = vault.open(place_of(row), row.pop("key_id"), row.pop("sealed"))
    return Resource(**row, name=content["name"], languages=tuple(content["languages"]))


def place_of(row: dict[str, Any]) -> Place:
    """Return where the sealed columns of a row stand."""
    owner = staff_of(row["organization_id"])
    return Place(owner, Purpose.SETTING, row["organization_id"], "resource", row["id"])
