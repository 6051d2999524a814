"""The tables of recordings, and of what everybody said to being recorded."""

from sqlalchemy import Column, Integer, String, Table

from telehealth.domain.recording import Answer
from telehealth.storage.rows.metadata import identity, metadata, refers, sealed
from telehealth.storage.types import UtcDateTime, Word

recordings = Table(
    "recording",
    metadata,
    identity(),
    refers("visit_id", "visit", index=True),
    refers("patient_id", "patient"),
    refers("organization_id", "organization"),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("kept_until", UtcDateTime, nullable=False, index=True),
    Column("began_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("erased_at", UtcDateTime),
    Column("version", Integer, nullable=False),
    *sealed(),
)
recording_consents = Table(
    "recording_consent",
    metadata,
    identity(),
    refers("recording_id", "recording", index=True),
    refers("visit_id", "visit"),
    refers("patient_id", "patient"),
    refers("organization_id", "organization"),
    Column("participant", String, nullable=False),
    Column("actor_kind", String, nullable=False),
    Column("actor_id", String, nullable=False),
    Column("answer", Word(Answer), nullable=False),
    Column("terms", String, nullable=False),
    Column("said_at", UtcDateTime, nullable=False),
)
