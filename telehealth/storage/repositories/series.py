"""Series of visits as rows; what was agreed is never written again."""

from sqlalchemy import bindparam, func, select

from telehealth.domain.series import Series
from telehealth.storage.repositories.shapes import columns, values
from telehealth.storage.rows.appointments import appointment_series, appointments
from telehealth.storage.rows.visits import visits
from telehealth.storage.transaction import Transaction

SERIES = select(appointment_series).where(appointment_series.c.id == bindparam("sought"))
SERIES_OF = select(appointments.c.series_id).where(appointments.c.id == bindparam("sought"))
OF_SERIES = (
    select(visits.c.id)
    .join(appointments, appointments.c.id == visits.c.appointment_id)
    .where(appointments.c.series_id == bindparam("sought"))
    .order_by(appointments.c.start, appointments.c.id)
)
SEQUENCE = select(func.coalesce(func.sum(appointments.c.sequence), 0)).where(
    appointments.c.series_id == bindparam("sought")
)


class SeriesRows:
    """The AllSeries Protocol."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, series: Series) -> None:
        """Insert what a series of visits was agreed as."""
        await self._transaction.insert(appointment_series, values(series))

    async def get(self, series_id: str) -> Series | None:
        """Return a series."""
        row = await self._transaction.first(SERIES, {"sought": series_id})
        return Series(**columns(row)) if row else None

    async def of(self, appointment_id: str) -> str:
        """Return the id of the series that an appointment is one of, empty for none; locks nothing."""
        row = await self._transaction.first(SERIES_OF, {"sought": appointment_id})
        return row.series_id if row else ""

    async def hold(self, series_id: str) -> None:
        """Wait until nobody else changes several visits of a series at once, and keep others waiting."""
        await self._transaction.queue_for(f"series {series_id}")

    async def visits(self, series_id: str) -> list[str]:
        """Return the ids of all visits of a series, cancelled ones too, by start."""
        return [row.id for row in await self._transaction.all(OF_SERIES, {"sought": series_id})]

    async def sequence(self, series_id: str) -> int:
        """Return the sum over all visits of a series."""
        row = await self._transaction.first(SEQUENCE, {"sought": series_id})
        return int(row[0]) if row else 0
