"""Which appointments of the release before a practitioner gave to themselves is told by the audit log."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from alembic import command
from alembic.config import Config
from sqlalchemy.engine import Connection

from telehealth.crypto.blind import BlindIndex
from telehealth.crypto.keyring import Keyring
from telehealth.domain.appointment import Appointment
from telehealth.domain.audit import AuditAction
from telehealth.domain.series import Series
from telehealth.storage.engine import database_url as parsed
from telehealth.storage.engine import writing_engine
from telehealth.storage.migrate import SCRIPTS, migrate, run_on
from telehealth.storage.unit_of_work import Storage
from tests.integration.storage import cast

IDS = (cast.HOSPITAL.id, cast.HOSPITAL.id, cast.BO.id, cast.AMARA.id, cast.CARDIOLOGY.id)
SERIES = Series("own", *IDS, "Europe/Berlin", "2026-11-30T10:00", "FREQ=DAILY;INTERVAL=1;COUNT=2")


def back_to_0056(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    command.downgrade(config, "0056")


def visits() -> Sequence[Appointment]:
    """Two that stand for themselves, and two of each of two series."""
    days = [cast.appointment(str(day), cast.NOW + timedelta(days=day)) for day in range(6)]
    return [
        *days[:2],
        *(replace(each, series_id="own", recurrence=each.id) for each in days[2:4]),
        *(replace(each, series_id="kais", recurrence=each.id) for each in days[4:]),
    ]


async def test_what_practitioners_booked_for_themselves_before_is_marked_single_and_in_series(
    migrated_url: str, keyring: Keyring, blind: BlindIndex
) -> None:
    storage = Storage(migrated_url, keyring, blind)
    booked, series = AuditAction.APPOINTMENT_BOOKED, AuditAction.SERIES_BOOKED
    entered = [
        (booked, cast.AMARA.id, "appointment-0"),
        (booked, "kai", "appointment-1"),
        (series, cast.AMARA.id, "own"),
        (series, "kai", "kais"),
    ]
    async with storage.writing() as unit:
        await cast.move_in(unit)
        for each in (SERIES, replace(SERIES, id="kais")):
            await unit.series.add(each)
        await unit.appointments.book_all([(each, cast.claims(each)) for each in visits()])
        for number, (action, actor_id, entity_id) in enumerate(entered):
            made = cast.entry(str(number), cast.BO.id)
            await unit.audit.enter(replace(made, action=action, actor_id=actor_id, entity_id=entity_id))
    await storage.close()
    await run_on(writing_engine(parsed(migrated_url)), back_to_0056)
    await migrate(migrated_url)
    storage = Storage(migrated_url, keyring, blind)
    async with storage.reading() as unit:
        found = [await unit.appointments.get(each.id) for each in visits()]
    await storage.close()
    assert [each is not None and each.by_practitioner for each in found] == [
        True,
        False,
        True,
        True,
        False,
        False,
    ]
