"""Tables, one module per topic; `metadata` knows all of them once this package is imported."""

from telehealth.storage.rows import (
    accounts,
    appointments,
    audit,
    calendars,
    closures,
    conversations,
    directory,
    feedback,
    guests,
    lines,
    notes,
    outbox,
    own_bookings,
    patients,
    record,
    visits,
    walk_ins,
)
from telehealth.storage.rows.metadata import metadata

__all__ = [
    "accounts",
    "appointments",
    "audit",
    "calendars",
    "closures",
    "conversations",
    "directory",
    "feedback",
    "guests",
    "lines",
    "metadata",
    "notes",
    "outbox",
    "own_bookings",
    "patients",
    "record",
    "visits",
    "walk_ins",
]
