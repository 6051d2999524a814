"""What services may ask of storage about series of visits."""

from typing import Protocol

from telehealth.domain.series import Series


class AllSeries(Protocol):
    """Series as they were agreed; their visits are appointments like all others."""

    async def add(self, series: Series) -> None:
        """Insert what a series of visits was agreed as."""

    async def get(self, series_id: str) -> Series | None:
        """Return a series."""

    async def of(self, appointment_id: str) -> str:
        """Return the id of the series that an appointment is one of, empty for none; locks nothing."""

    async def hold(self, series_id: str) -> None:
        """Wait until nobody else changes several visits of a series at once, and keep others waiting.

        It comes before every lock on one of these visits.
        """

    async def visits(self, series_id: str) -> list[str]:
        """Return the ids of all visits of a series, cancelled ones too, by start."""

    async def sequence(self, series_id: str) -> int:
        """Return the sum over all visits of a series: it rises with every change of any of them."""
