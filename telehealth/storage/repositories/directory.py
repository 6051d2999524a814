"""Organizations, sites, services, staff and hours as rows; staff are sealed under the organization's key."""

from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, delete, exists, or_, select, update

from telehealth.crypto.purposes import Purpose
from telehealth.domain.organizations import HealthcareService, Location, Organization
from telehealth.domain.people import HumanName, Practitioner, Role
from telehealth.domain.scheduling import WeeklyHours
from telehealth.storage.repositories.shapes import columns, values
from telehealth.storage.rows.accounts import accounts
from telehealth.storage.rows.directory import (
    healthcare_service,
    locations,
    organizations,
    practitioners,
    weekly_hours,
)
from telehealth.storage.sealing import Place, Vault, staff_of
from telehealth.storage.transaction import Transaction

CLEAR = ("id", "organization_id", "location_id", "role", "public_key")


def disabled(practitioner_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether somebody's account was disabled."""
    return exists().where(accounts.c.practitioner_id == practitioner_id, accounts.c.disabled_at.is_not(None))


ORGANIZATION = select(organizations).where(organizations.c.id == bindparam("sought"))
LOCATION = select(locations).where(locations.c.id == bindparam("sought"))
PRACTITIONER = select(practitioners).where(practitioners.c.id == bindparam("sought"))


class DirectoryRows:
    """The Directory Protocol."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    async def add_organization(self, organization: Organization) -> None:
        """Insert; raises StaleVersion when the id exists, as every add does."""
        await self._transaction.insert(organizations, values(organization))

    async def save_organization(self, organization: Organization) -> None:
        """Write all of an organization; raises StaleVersion when there is none."""
        statement = update(organizations).where(organizations.c.id == organization.id)
        await self._transaction.swap(statement.values(values(organization, "id")))

    async def organization(self, organization_id: str) -> Organization | None:
        """Return one organization."""
        row = await self._transaction.first(ORGANIZATION, {"sought": organization_id})
        return Organization(**columns(row)) if row else None

    async def organizations(self) -> list[Organization]:
        """Return all, by name."""
        rows = await self._transaction.all(select(organizations).order_by(organizations.c.name))
        return [Organization(**columns(row)) for row in rows]

    async def add_location(self, location: Location) -> None:
        """Insert a site."""
        await self._transaction.insert(locations, values(location))

    async def save_location(self, location: Location) -> None:
        """Write all of a site; raises StaleVersion unless the stored version is exactly one less."""
        await self._swap(locations, location)

    async def location(self, location_id: str) -> Location | None:
        """Return one site."""
        row = await self._transaction.first(LOCATION, {"sought": location_id})
        return Location(**columns(row)) if row else None

    async def site_of(self, practitioner_id: str) -> Location | None:
        """Return where a member of staff works."""
        statement = select(locations).join(practitioners, practitioners.c.location_id == locations.c.id)
        row = await self._transaction.first(statement.where(practitioners.c.id == practitioner_id))
        return Location(**columns(row)) if row else None

    async def locations(self) -> list[Location]:
        """Return all sites, by name."""
        rows = await self._transaction.all(select(locations).order_by(locations.c.name))
        return [Location(**columns(row)) for row in rows]

    async def add_service(self, service: HealthcareService) -> None:
        """Insert a service."""
        await self._transaction.insert(healthcare_service, values(service))

    async def save_service(self, service: HealthcareService) -> None:
        """Write all of a service; raises StaleVersion unless the stored version is exactly one less."""
        await self._swap(healthcare_service, service)

    async def service(self, service_id: str) -> HealthcareService | None:
        """Return one service."""
        statement = select(healthcare_service).where(healthcare_service.c.id == service_id)
        row = await self._transaction.first(statement)
        return HealthcareService(**columns(row)) if row else None

    async def services(self) -> list[HealthcareService]:
        """Return all services, by name."""
        rows = await self._transaction.all(select(healthcare_service).order_by(healthcare_service.c.name))
        return [HealthcareService(**columns(row)) for row in rows]

    async def add_practitioner(self, practitioner: Practitioner) -> None:
        """Insert a member of staff, sealed."""
        await self._transaction.insert(practitioners, self._row(practitioner))

    async def save_practitioner(self, practitioner: Practitioner) -> None:
        """Write all of a member of staff; raises StaleVersion when there is none."""
        statement = (
            update(practitioners).where(practitioners.c.id == practitioner.id).values(self._row(practitioner))
        )
        await self._transaction.swap(statement)

    async def practitioner(self, practitioner_id: str) -> Practitioner | None:
        """Return one member of staff."""
        row = await self._transaction.first(PRACTITIONER, {"sought": practitioner_id})
        return practitioner_of(self._vault, columns(row)) if row else None

    async def practitioners(
        self, *, role: Role | None = None, organization_id: str = "", working: bool = False
    ) -> list[Practitioner]:
        """Return staff, optionally of one role or one organization, by family name.

        With `working`, those whose account was disabled are left out; who has none yet is not.
        """
        statement = select(practitioners)
        if working:
            statement = statement.where(~disabled(practitioners.c.id))
        if role is not None:
            statement = statement.where(practitioners.c.role == role)
        if organization_id:
            statement = statement.where(practitioners.c.organization_id == organization_id)
        found = [practitioner_of(self._vault, columns(row)) for row in await self._transaction.all(statement)]
        return sorted(
            found, key=lambda person: (person.name.family.casefold(), person.name.given.casefold(), person.id)
        )

    async def add_hours(self, rule: WeeklyHours) -> None:
        """Insert a weekly rule."""
        await self._transaction.insert(weekly_hours, values(rule))

    async def save_hours(self, rule: WeeklyHours) -> None:
        """Write all of a weekly rule; raises StaleVersion unless the stored version is exactly one less."""
        await self._swap(weekly_hours, rule)

    async def remove_hours(self, hours_id: str) -> None:
        """Delete a weekly rule; one that is gone already is no matter."""
        await self._transaction.write(delete(weekly_hours).where(weekly_hours.c.id == hours_id))

    async def hours(self, *, practitioner_id: str = "", service_id: str = "") -> list[WeeklyHours]:
        """Return weekly rules; with `service_id`, those for it and those for any service."""
        statement = select(weekly_hours).order_by(
            weekly_hours.c.practitioner_id, weekly_hours.c.weekday, weekly_hours.c.id
        )
        if practitioner_id:
            statement = statement.where(weekly_hours.c.practitioner_id == practitioner_id)
        if service_id:
            any_service = weekly_hours.c.service_id.is_(None)
            statement = statement.where(or_(weekly_hours.c.service_id == service_id, any_service))
        return [WeeklyHours(**columns(row)) for row in await self._transaction.all(statement)]

    async def _swap(self, table: Table, thing: Location | HealthcareService | WeeklyHours) -> None:
        statement = update(table).where(table.c.id == thing.id, table.c.version == thing.version - 1)
        await self._transaction.swap(statement.values(values(thing, "id")))

    def _row(self, practitioner: Practitioner) -> dict[str, Any]:
        content = {
            "given": practitioner.name.given,
            "family": practitioner.name.family,
            "title": practitioner.title,
            "email": practitioner.email,
            "specialty": practitioner.specialty,
            "languages": practitioner.languages,
        }
        clear = {name: getattr(practitioner, name) for name in CLEAR}
        return clear | self._vault.seal(place_of(practitioner.id, practitioner.organization_id), content)


def practitioner_of(vault: Vault, row: dict[str, Any]) -> Practitioner:
    """Return the member of staff that a row holds sealed."""
    content = vault.open(place_of(row["id"], row["organization_id"]), row["key_id"], row["sealed"])
    name = HumanName(content.pop("given"), content.pop("family"))
    languages = tuple(content.pop("languages", ()))
    return Practitioner(name=name, languages=languages, **{each: row[each] for each in CLEAR}, **content)


def place_of(practitioner_id: str, organization_id: str) -> Place:
    """Return where the sealed columns of a row stand."""
    return Place(staff_of(organization_id), Purpose.STAFF, organization_id, "practitioner", practitioner_id)
