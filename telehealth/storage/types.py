"""Column types that keep the domain's promises: aware instants, closed vocabularies, empty text as NULL."""

import json
from datetime import UTC, datetime, time
from enum import StrEnum
from functools import lru_cache

from sqlalchemy import DateTime, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from telehealth.domain.modality import Modality
from telehealth.domain.preferences import AS_USUAL, Preferences
from telehealth.domain.scheduling import Break


class NaiveInstant(ValueError):
    """An instant without an offset reached the database: a mistake in our own code."""


class UtcDateTime(TypeDecorator[datetime]):
    """An instant, kept in UTC with microseconds; naive values are refused.

    SQLite keeps the text `YYYY-MM-DD HH:MM:SS.ffffff`, which sorts as the instants do.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC; raises NaiveInstant."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise NaiveInstant(f"{value.isoformat()} has no offset")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the instant its offset back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Word(TypeDecorator[StrEnum]):
    """One word of a closed vocabulary, kept as its text."""

    impl = String
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: StrEnum | str | None, dialect: Dialect) -> str | None:
        """Return the word's text; raises ValueError for a word that is not in the vocabulary."""
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        """Return the vocabulary's member."""
        return None if value is None else self.words(value)


class Blank(TypeDecorator[str]):
    """Text that may be empty in the domain and is NULL here, so that foreign keys and unique keys work."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Empty becomes NULL."""
        return value or None

    def process_result_value(self, value: str | None, dialect: Dialect) -> str:
        """NULL becomes empty."""
        return value or ""


class Ids(TypeDecorator[tuple[str, ...]]):
    """A few identifiers in order, as a JSON list."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str:
        """Write the list."""
        return json.dumps(list(value or ()))

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:
        """Read the list."""
        return tuple(json.loads(value or "[]"))


class Minutes(TypeDecorator[tuple[int, ...]]):
    """A few spans in whole minutes, in order, as a JSON list."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: tuple[int, ...] | None, dialect: Dialect) -> str:
        """Write the list."""
        return json.dumps(list(value or ()))

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[int, ...]:
        """Read the list."""
        return tuple(json.loads(value or "[]"))


class Ways(TypeDecorator[tuple[Modality, ...]]):
    """The ways of a service's visits, in order, as a JSON list."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: tuple[Modality, ...] | None, dialect: Dialect) -> str:
        """Write the list."""
        return json.dumps([Modality(each).value for each in value or ()])

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[Modality, ...]:
        """Read the list."""
        return tuple(Modality(each) for each in json.loads(value or "[]"))


class Preferred(TypeDecorator[Preferences]):
    """How somebody likes to work, as JSON; what was never chosen is as usual."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Preferences | None, dialect: Dialect) -> str:
        """Write the choices."""
        return json.dumps((value or AS_USUAL).as_known())

    def process_result_value(self, value: str | None, dialect: Dialect) -> Preferences:
        """Read the choices."""
        return Preferences.known(json.loads(value or "{}"))


class Breaks(TypeDecorator[tuple[Break, ...]]):
    """Breaks within weekly hours, as a JSON list of wall times."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: tuple[Break, ...] | None, dialect: Dialect) -> str:
        """Write the list."""
        return json.dumps([(each.start.isoformat(), each.end.isoformat()) for each in value or ()])

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[Break, ...]:
        """Read the list."""
        return _breaks(value or "[]")


@lru_cache(maxsize=1024)
def _breaks(text: str) -> tuple[Break, ...]:
    """Read a list of breaks; a hospital's specialists have the same few."""
    pairs = ([time.fromisoformat(wall) for wall in pair] for pair in json.loads(text))
    return tuple(Break(start, end) for start, end in pairs)
