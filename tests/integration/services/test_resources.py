"""Who keeps rooms, devices and interpreters: coordinators and administrators, of their own organization."""

from dataclasses import replace

import pytest

from telehealth.domain.appointment import ResourceKind
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import BadInput, NotFound, NotPermitted, StaleVersion
from telehealth.services.resources import Description, ResourceDesk
from tests.cast import ADA, AMARA, CARLA, HILLSIDE, HOSPITAL, NOOR, PIA, RURAL, SITE, House

ROOM, INTERPRETER = ResourceKind.ROOM, ResourceKind.INTERPRETER
BLUE = Description("Blue room", 5, 10)


@pytest.fixture
def desk(house: House) -> ResourceDesk:
    return house.assembled.services.timing.resources


async def test_a_room_is_added_renamed_and_retired(house: House, desk: ResourceDesk) -> None:
    made = await desk.add(CARLA, SITE, ROOM, replace(BLUE, name="  Blue   room "))
    assert (made.name, made.before_minutes, made.after_minutes) == ("Blue room", 5, 10)
    renamed = await desk.change(ADA, made.id, made.version, Description("Green room"))
    assert (renamed.name, renamed.after_minutes) == ("Green room", 0)
    retired = await desk.retire(CARLA, made.id, renamed.version)
    listed = await desk.listed(CARLA)
    assert listed.resources == [retired]
    assert listed.in_use(ROOM) == []
    assert set(listed.sites) == {SITE}
    async with house.assembled.opened.work.units.reading() as uow:
        said = [(each.action, each.entity_id) for each in await uow.audit.entries(organization_id=HOSPITAL)]
    for action in (
        AuditAction.RESOURCE_ADDED,
        AuditAction.RESOURCE_CHANGED,
        AuditAction.RESOURCE_RETIRED,
    ):
        assert (action, made.id) in said


async def test_languages_are_those_of_interpreters_in_use(desk: ResourceDesk) -> None:
    lina = await desk.add(CARLA, SITE, INTERPRETER, Description("Lina", languages=("es", "ar", "es")))
    await desk.add(CARLA, SITE, INTERPRETER, Description("Sam", languages=("ar", "pt-BR")))
    await desk.add(CARLA, SITE, ROOM, Description("Room", languages=("fr",)))
    assert lina.languages == ("es", "ar")
    assert (await desk.bookable(AMARA)).languages() == ["ar", "es", "pt-BR"]
    await desk.retire(CARLA, lina.id, lina.version)
    assert (await desk.bookable(AMARA)).languages() == ["ar", "pt-BR"]


@pytest.mark.parametrize(
    "kind, changes, field",
    [
        (ROOM, {"name": " "}, "name"),
        (ROOM, {"name": "x" * 61}, "name"),
        (ROOM, {"name": "Blue\u0000"}, "name"),
        (ROOM, {"name": "TAKEN"}, "name"),
        (ROOM, {"before_minutes": 121}, "before_minutes"),
        (ROOM, {"after_minutes": -1}, "after_minutes"),
        (INTERPRETER, {}, "languages"),
        (INTERPRETER, {"languages": ("es", "Spanish!")}, "languages"),
        (ResourceKind.PATIENT, {}, "kind"),
    ],
)
async def test_what_cannot_be_said_is_named(
    desk: ResourceDesk, kind: ResourceKind, changes: dict[str, object], field: str
) -> None:
    taken = await desk.add(CARLA, SITE, ROOM, Description("Taken"))
    with pytest.raises(BadInput) as refused:
        await desk.add(CARLA, SITE, kind, replace(BLUE, **changes))  # type: ignore[arg-type]
    assert [each.field for each in refused.value.problems] == [field]
    assert (await desk.listed(CARLA)).resources == [taken]


async def test_a_name_is_free_for_another_kind_and_once_its_room_is_retired(desk: ResourceDesk) -> None:
    first = await desk.add(CARLA, SITE, ROOM, BLUE)
    await desk.add(CARLA, SITE, ResourceKind.DEVICE, BLUE)
    await desk.change(CARLA, first.id, first.version, BLUE)
    await desk.retire(CARLA, first.id, first.version + 1)
    await desk.add(CARLA, SITE, ROOM, BLUE)


async def test_who_saw_an_older_version_changes_nothing(desk: ResourceDesk) -> None:
    made = await desk.add(CARLA, SITE, ROOM, BLUE)
    await desk.change(CARLA, made.id, made.version, Description("Green room"))
    for attempt in (desk.change(ADA, made.id, made.version, BLUE), desk.retire(ADA, made.id, made.version)):
        with pytest.raises(StaleVersion):
            await attempt


async def test_a_stranger_is_refused(desk: ResourceDesk) -> None:
    made = await desk.add(CARLA, SITE, ROOM, BLUE)
    for actor in (AMARA, NOOR, PIA):
        for attempt in (
            desk.listed(actor),
            desk.add(actor, SITE, ROOM, Description("Another")),
            desk.change(actor, made.id, made.version, Description("Another")),
            desk.retire(actor, made.id, made.version),
        ):
            with pytest.raises(NotPermitted):
                await attempt
    elsewhere = replace(CARLA, organization_id=RURAL)
    for attempt in (
        desk.change(elsewhere, made.id, made.version, Description("Another")),
        desk.retire(elsewhere, made.id, made.version),
    ):
        with pytest.raises(NotFound):
            await attempt
    with pytest.raises(BadInput):
        await desk.add(CARLA, HILLSIDE, ROOM, Description("Another"))
    assert (await desk.bookable(NOOR)).resources == []
    assert (await desk.listed(CARLA)).resources == [made]
