"""Organizations, sites, services, staff and hours come back as they went in."""

from dataclasses import replace

import pytest

from telehealth.domain.errors import StaleVersion
from telehealth.domain.people import Role
from telehealth.storage.unit_of_work import Storage
from tests.integration.storage.cast import AMARA, CARDIOLOGY, HOSPITAL, MONDAYS, NOOR, RURAL, VILLAGE, WARD


async def test_everything_comes_back_as_it_went_in(cluster: Storage) -> None:
    async with cluster.reading() as unit:
        assert await unit.directory.organization(RURAL.id) == RURAL
        assert await unit.directory.organizations() == [HOSPITAL, RURAL]
        assert await unit.directory.location(VILLAGE.id) == VILLAGE
        assert await unit.directory.locations() == [WARD, VILLAGE]
        assert await unit.directory.service(CARDIOLOGY.id) == CARDIOLOGY
        assert await unit.directory.services() == [CARDIOLOGY]
        assert await unit.directory.practitioner(AMARA.id) == AMARA
        assert await unit.directory.hours() == [MONDAYS]


async def test_what_is_absent_is_none(cluster: Storage) -> None:
    async with cluster.reading() as unit:
        assert await unit.directory.organization("nobody") is None
        assert await unit.directory.location("nobody") is None
        assert await unit.directory.service("nobody") is None
        assert await unit.directory.practitioner("nobody") is None


async def test_staff_are_found_by_role_and_organization_in_order_of_their_names(cluster: Storage) -> None:
    async with cluster.reading() as unit:
        assert await unit.directory.practitioners() == [NOOR, AMARA]
        assert await unit.directory.practitioners(role=Role.SPECIALIST) == [AMARA]
        assert await unit.directory.practitioners(organization_id=RURAL.id) == [NOOR]
        assert await unit.directory.practitioners(role=Role.SPECIALIST, organization_id=RURAL.id) == []


async def test_a_member_of_staff_is_changed(cluster: Storage) -> None:
    changed = replace(AMARA, title="Prof", public_key=bytes(range(32)))
    async with cluster.writing() as unit:
        await unit.directory.save_practitioner(changed)
    async with cluster.reading() as unit:
        assert await unit.directory.practitioner(AMARA.id) == changed


async def test_changing_nobody_is_refused(cluster: Storage) -> None:
    with pytest.raises(StaleVersion):
        async with cluster.writing() as unit:
            await unit.directory.save_practitioner(replace(AMARA, id="nobody"))


async def test_hours_for_any_service_count_for_each(cluster: Storage) -> None:
    always = replace(MONDAYS, id="hours-2", service_id="", weekday=2, until=None)
    async with cluster.writing() as unit:
        await unit.directory.add_hours(always)
    async with cluster.reading() as unit:
        assert await unit.directory.hours(service_id=CARDIOLOGY.id) == [MONDAYS, always]
        assert await unit.directory.hours(service_id="another") == [always]
        assert await unit.directory.hours(practitioner_id=NOOR.id) == []


async def test_an_organization_is_changed(cluster: Storage) -> None:
    changed = replace(HOSPITAL, phone="+498955599", prepares=False)
    async with cluster.writing() as unit:
        await unit.directory.save_organization(changed)
    async with cluster.reading() as unit:
        assert await unit.directory.organization(HOSPITAL.id) == changed
