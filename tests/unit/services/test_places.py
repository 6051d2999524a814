"""Places of the cluster: added by whoever runs the service, checked, audited, nobody else's business."""

from dataclasses import replace

import pytest

from telehealth.domain.access import SYSTEM, Actor
from telehealth.domain.errors import BadInput, NotFound, NotPermitted
from telehealth.domain.organizations import OrganizationKind, SiteKind
from telehealth.services.places import NewOrganization, NewService, NewSite, Places
from tests.unit.services.conftest import House

LAB = NewOrganization("Lake Laboratory", OrganizationKind.LAB, "+34 600 000 001")
SITE = NewSite("hospital", "East wing", SiteKind.HOSPITAL, "Europe/Madrid")
VISIT = NewService("hospital", "Heart visit", "cardiology", 20, 10)
OURS = replace(SYSTEM, organization_id="hospital")


@pytest.fixture
def places(house: House) -> Places:
    return Places(work=house.work)


async def test_places_are_added_and_listed_and_leave_entries(house: House, places: Places) -> None:
    lab = await places.add_organization(SYSTEM, LAB)
    assert lab.phone == "+34600000001"
    site = await places.add_site(OURS, SITE)
    visit = await places.add_service(OURS, VISIT)
    listed = {each.organization.id: each for each in await places.listed(SYSTEM)}
    assert set(listed) == {"hospital", "clinic", lab.id}
    assert site in listed["hospital"].sites
    assert listed["hospital"].services == [visit]
    assert house.actions() == ["place:add success"] * 3
    entities = [(entry.entity, entry.entity_id) for entry in house.units.tables.entries.values()]
    assert entities == [("Organization", lab.id), ("Location", site.id), ("HealthcareService", visit.id)]


@pytest.mark.parametrize(
    "new, field",
    [
        (replace(LAB, name=" "), "name"),
        (replace(LAB, name="District hospital"), "name"),
        (replace(LAB, phone="600 000"), "phone"),
        (replace(LAB, language="English"), "language"),
        (replace(SITE, name="x" * 101), "name"),
        (replace(SITE, name="District Hospital"), "name"),
        (replace(SITE, zone="Europe/Nowhere"), "zone"),
        (replace(SITE, zone="../../etc/passwd"), "zone"),
        (replace(VISIT, minutes=0), "minutes"),
        (replace(VISIT, pause=-1), "pause"),
        (replace(VISIT, specialty="a\nb"), "specialty"),
    ],
)
async def test_what_cannot_be_is_refused_by_field(
    house: House, places: Places, new: NewOrganization | NewSite | NewService, field: str
) -> None:
    async def add() -> None:
        match new:
            case NewOrganization():
                await places.add_organization(SYSTEM, new)
            case NewSite():
                await places.add_site(OURS, new)
            case NewService():
                await places.add_service(OURS, new)

    with pytest.raises(BadInput) as refused:
        await add()
    assert [each.field for each in refused.value.problems] == [field]
    assert house.actions() == []


async def test_strangers_add_nothing(house: House, places: Places) -> None:
    ada, amara = await house.actor("ada@care.example"), await house.actor("amara@care.example")
    there = replace(SITE, organization_id="clinic")
    nowhere = replace(SYSTEM, organization_id="nowhere")

    async def refused(actor: Actor, kind: type[Exception], new: NewSite) -> None:
        with pytest.raises(kind):
            await places.add_site(actor, new)

    await refused(amara, NotPermitted, SITE)
    await refused(ada, NotFound, there)
    await refused(nowhere, NotFound, replace(SITE, organization_id="nowhere"))
    with pytest.raises(NotFound):
        await places.add_organization(ada, LAB)
    with pytest.raises(NotFound):
        await places.add_service(ada, replace(VISIT, organization_id="clinic"))
    assert [each.organization.id for each in await places.listed(ada)] == ["hospital"]
    await places.add_site(ada, SITE)
