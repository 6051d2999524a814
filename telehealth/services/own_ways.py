"""How somebody may book by themselves: by video, by phone, or at each site that has a room for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from telehealth.domain.appointment import ResourceKind
from telehealth.domain.errors import BadInput, FieldProblem, NotFound
from telehealth.domain.modality import Modality
from telehealth.domain.organizations import HealthcareService, Location, Organization
from telehealth.domain.resources import NOTHING, Needs
from telehealth.domain.ways import NOT_OFFERED
from telehealth.services.repositories import UnitOfWork


@dataclass(frozen=True, slots=True)
class OwnWay:
    """How somebody may have their visit; `site` is where, for whoever is assisted there."""

    modality: Modality
    site: Location | None = None

    @property
    def name(self) -> str:
        """What it is called in addresses: the site's id, else the modality."""
        return self.site.id if self.site else self.modality.value

    @property
    def needs(self) -> Needs:
        """Any room of the site."""
        return Needs(self.site.id) if self.site else NOTHING


@dataclass(frozen=True, slots=True)
class Offered:
    """A service that anybody may book, whose it is, and the zone by whose days its times are looked for.

    `ways` are never empty, and the first is meant where nobody says which.
    """

    service: HealthcareService
    organization: Organization
    zone: str
    ways: tuple[OwnWay, ...]

    def way(self, name: str) -> OwnWay:
        """Return the way with a name, the first for an empty one; raises BadInput."""
        if not name:
            return self.ways[0]
        found = next((each for each in self.ways if each.name == name), None)
        if found is None:
            raise BadInput(FieldProblem("how", "not-offered", NOT_OFFERED))
        return found


async def offered(uow: UnitOfWork, service_id: str) -> Offered:
    """Return a service that is open to patients; raises NotFound, also where no way is left to be seen."""
    service = await uow.directory.service(service_id)
    organization = await uow.directory.organization(service.organization_id) if service else None
    if service is None or organization is None or not service.open_to_patients:
        raise NotFound
    sites = [each for each in await uow.directory.locations() if each.organization_id == organization.id]
    ways = await _ways(uow, service, sites)
    if not ways:
        raise NotFound
    return Offered(service, organization, sites[0].zone if sites else "UTC", ways)


async def _ways(uow: UnitOfWork, service: HealthcareService, sites: Sequence[Location]) -> tuple[OwnWay, ...]:
    found = [OwnWay(each) for each in service.modalities if each is not Modality.ASSISTED]
    if Modality.ASSISTED in service.modalities:
        rooms = {
            each.location_id
            for each in await uow.resources.of(service.organization_id)
            if each.kind is ResourceKind.ROOM and each.retired_at is None
        }
        found += [OwnWay(Modality.ASSISTED, each) for each in sites if each.id in rooms]
    return tuple(found)
