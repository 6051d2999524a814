"""The fake way in: storage in memory that really rolls back, and twins of everything outside."""

from tests.fakes.outside import (
    Announced,
    FakeChance,
    FakeClock,
    FakeHashing,
    OneFarEnd,
    Pens,
    Posted,
    Remembered,
)
from tests.fakes.units import FakeUnits

__all__ = [
    "Announced",
    "FakeChance",
    "FakeClock",
    "FakeHashing",
    "FakeUnits",
    "OneFarEnd",
    "Pens",
    "Posted",
    "Remembered",
]
