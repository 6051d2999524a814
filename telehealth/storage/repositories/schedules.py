"""Exceptions to weekly hours as rows, and who can be booked for a service by which rules."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    Row,
    Select,
    String,
    Subquery,
    and_,
    bindparam,
    delete,
    literal,
    literal_column,
    or_,
    select,
    type_coerce,
    union_all,
    update,
)

from telehealth.domain.availability import Excepted, Ruled, Timetable
from telehealth.domain.hours_exceptions import ExceptionKind, HoursException
from telehealth.domain.organizations import HealthcareService, Location
from telehealth.domain.people import Practitioner
from telehealth.domain.scheduling import Interval, WeeklyHours
from telehealth.services.schedule_repository import Offering
from telehealth.storage.repositories.directory import disabled, practitioner_of
from telehealth.storage.repositories.shapes import Joined, columns, values
from telehealth.storage.rows.closures import closures
from telehealth.storage.rows.directory import (
    healthcare_service,
    hours_exception,
    locations,
    practitioners,
    weekly_hours,
)
from telehealth.storage.sealing import Vault
from telehealth.storage.transaction import Transaction
from telehealth.storage.types import Blank

WEEKLY = "weekly"
FARTHEST = timedelta(days=2)
"""A day somewhere begins and ends within so much of the day in UTC."""
EXCEPTION = select(hours_exception).where(hours_exception.c.id == bindparam("sought"))
TOUCHED = and_(
    closures.c.organization_id == healthcare_service.c.organization_id,
    closures.c.end > bindparam("from"),
    closures.c.start < bindparam("until"),
)
AT_HOME = locations.c.organization_id == healthcare_service.c.organization_id
OFFERING = (
    select(healthcare_service, locations, closures)
    .outerjoin(locations, AT_HOME)
    .outerjoin(closures, TOUCHED)
    .where(healthcare_service.c.id == bindparam("service"))
)
OFFERING_BY = (
    select(healthcare_service, locations, closures, practitioners)
    .outerjoin(locations, AT_HOME)
    .outerjoin(closures, TOUCHED)
    .join(practitioners, practitioners.c.id == bindparam("practitioner"))
    .where(healthcare_service.c.id == bindparam("service"))
)
OFFERED = Joined(healthcare_service, locations, closures)
OFFERED_BY = Joined(healthcare_service, locations, closures, practitioners)


def _said(*, by_one: bool) -> Subquery:
    """Weekly hours and exceptions under each other, in one shape: of everybody, or of one specialist."""
    rule, other, one = weekly_hours.c, hours_exception.c, bindparam("practitioner", type_=String)
    weekly = select(
        literal(WEEKLY, String).label("kind"),
        rule.id,
        type_coerce(rule.practitioner_id, Blank).label("practitioner_id"),
        *(rule.location_id, rule.service_id, rule.weekday),
        *(rule.valid_from, rule.start, rule.until, rule.end, rule.breaks, rule.version),
    ).where(
        rule.valid_from <= bindparam("latest"), or_(rule.until.is_(None), rule.until >= bindparam("earliest"))
    )
    exceptional = select(
        type_coerce(other.kind, String),
        *(other.id, other.practitioner_id, other.location_id, other.service_id, literal_column("0")),
        *(other.first, other.start, other.last, other.end, literal_column("'[]'"), other.version),
    ).where(
        other.organization_id == bindparam("organization"),
        other.first <= bindparam("latest"),
        other.last >= bindparam("earliest"),
    )
    if by_one:
        weekly = weekly.where(rule.practitioner_id == one)
        exceptional = exceptional.where(or_(other.practitioner_id == one, other.practitioner_id.is_(None)))
    return union_all(weekly, exceptional).subquery("said")


def _timetables(said: Subquery) -> Select[Any]:
    """What was said about a service by whoever still works here."""
    return (
        select(said)
        .where(
            or_(said.c.service_id == bindparam("service"), said.c.service_id.is_(None)),
            ~disabled(said.c.practitioner_id),
        )
        .order_by(said.c.practitioner_id, said.c.weekday, said.c.id)
    )


OF_ALL, OF_ONE = _timetables(_said(by_one=False)), _timetables(_said(by_one=True))


class ScheduleRows:
    """The Schedules Protocol."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    async def queue_for(self, practitioner_id: str) -> None:
        """Wait for whoever changes this specialist's hours: no row says what they must not meet."""
        await self._transaction.queue_for(f"hours\n{practitioner_id}")

    async def add_exception(self, exception: HoursException) -> None:
        """Insert an exception."""
        await self._transaction.insert(hours_exception, values(exception))

    async def save_exception(self, exception: HoursException) -> None:
        """Write all of an exception; raises StaleVersion unless the stored version is exactly one less."""
        of = hours_exception.c
        statement = update(hours_exception).where(of.id == exception.id, of.version == exception.version - 1)
        await self._transaction.swap(statement.values(values(exception, "id")))

    async def remove_exception(self, exception_id: str, version: int) -> None:
        """Delete an exception; raises StaleVersion unless it is stored in this version."""
        of = hours_exception.c
        await self._transaction.swap(
            delete(hours_exception).where(of.id == exception_id, of.version == version)
        )

    async def exception(self, exception_id: str) -> HoursException | None:
        """Return one exception."""
        row = await self._transaction.first(self._transaction.kept(EXCEPTION), {"sought": exception_id})
        return HoursException(**columns(row)) if row else None

    async def exceptions(
        self, organization_id: str, practitioner_id: str, first: date, last: date
    ) -> list[HoursException]:
        """Return one specialist's, or with an empty id the sites', that touch these days, by first day."""
        of = hours_exception.c
        whose = of.practitioner_id == practitioner_id if practitioner_id else of.practitioner_id.is_(None)
        statement = (
            select(hours_exception)
            .where(of.organization_id == organization_id, whose, of.first <= last, of.last >= first)
            .order_by(of.first, of.start, of.id)
        )
        return [HoursException(**columns(row)) for row in await self._transaction.all(statement)]

    async def offering(self, service_id: str, window: Interval, practitioner_id: str = "") -> Offering | None:
        """Return a service and what is closed in `window`, from one query; None for what is not known."""
        bound = {"service": service_id, "from": window.start, "until": window.end}
        if practitioner_id:
            bound["practitioner"] = practitioner_id
        parts = OFFERED_BY if practitioner_id else OFFERED
        rows = await self._transaction.all(OFFERING_BY if practitioner_id else OFFERING, bound)
        if not rows:
            return None
        service = HealthcareService(**parts.part(rows[0], healthcare_service))
        places = {each["id"]: Location(**each) for row in rows if (each := parts.part(row, locations))["id"]}
        shut = {each["id"]: each for row in rows if (each := parts.part(row, closures))["id"]}
        closed = tuple((each["location_id"], Interval(each["start"], each["end"])) for each in shut.values())
        if not practitioner_id:
            return Offering(service, places, closed)
        person = practitioner_of(self._vault, parts.part(rows[0], practitioners))
        return Offering(service, places, closed, person)

    async def timetables(
        self, offering: Offering, window: Interval, practitioner_id: str = ""
    ) -> dict[str, Timetable]:
        """Return by which rules around `window` each practitioner offers the service, from one query."""
        bound = {
            "service": offering.service.id,
            "organization": offering.service.organization_id,
            "earliest": window.start.date() - FARTHEST,
            "latest": window.end.date() + FARTHEST,
        }
        if practitioner_id:
            bound["practitioner"] = practitioner_id
        rows = await self._transaction.all(OF_ONE if practitioner_id else OF_ALL, bound)
        return _grouped(rows, offering)

    async def specialists(self, practitioner_ids: Collection[str]) -> dict[str, Practitioner]:
        """Return these practitioners by id, from one query."""
        statement = select(practitioners).where(practitioners.c.id.in_(sorted(practitioner_ids)))
        rows = await self._transaction.all(statement) if practitioner_ids else []
        return {row.id: practitioner_of(self._vault, columns(row)) for row in rows}


def _grouped(rows: Sequence[Row[Any]], offering: Offering) -> dict[str, Timetable]:
    """Return each specialist's timetable, what is said of whole sites in all of them."""
    rules, own = defaultdict[str, list[Ruled]](list), defaultdict[str, list[Excepted]](list)
    names = rows[0]._fields if rows else ()
    for row in rows:
        said: dict[str, Any] = dict(zip(names, row, strict=True))
        kind, whose, site = said.pop("kind"), said["practitioner_id"], offering.sites.get(said["location_id"])
        if site is None:
            continue
        if kind == WEEKLY:
            rules[whose].append((WeeklyHours(**said), site))
        else:
            own[whose].append((_exception(said, kind, offering), site))
    return {
        each: Timetable(tuple(rules[each]), (*own[each], *own[""]), offering.closed)
        for each in sorted({*rules, *own} - {""})
    }


def _exception(said: dict[str, Any], kind: str, offering: Offering) -> HoursException:
    """Return the exception that a row in the shape of weekly hours holds."""
    return HoursException(
        id=said["id"],
        organization_id=offering.service.organization_id,
        practitioner_id=said["practitioner_id"],
        location_id=said["location_id"],
        service_id=said["service_id"],
        kind=ExceptionKind(kind),
        first=said["valid_from"],
        start=said["start"],
        last=said["until"],
        end=said["end"],
        version=said["version"],
    )
