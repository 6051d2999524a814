"""The table of the last check of each visit's line: figures and words, nothing about a person."""

from sqlalchemy import Boolean, Column, Integer, PrimaryKeyConstraint, String, Table

from telehealth.domain.access import ActorKind
from telehealth.domain.line_check import Because, Plan, RelayReached, Way
from telehealth.storage.rows.metadata import metadata, refers
from telehealth.storage.types import UtcDateTime, Word

line_check = Table(
    "line_check",
    metadata,
    refers("visit_id", "visit"),
    Column("by_kind", Word(ActorKind), nullable=False),
    Column("taken_at", UtcDateTime, nullable=False),
    Column("way", Word(Way), nullable=False),
    Column("up", Integer, nullable=False),
    Column("down", Integer, nullable=False),
    Column("trip", Integer, nullable=False),
    Column("jitter", Integer, nullable=False),
    Column("loss", Integer, nullable=False),
    Column("relay", Word(RelayReached), nullable=False),
    Column("camera", Boolean, nullable=False),
    Column("microphone", Boolean, nullable=False),
    Column("plan", Word(Plan), nullable=False),
    Column("because", Word(Because), nullable=False),
    Column("version", Integer, nullable=False),
    Column("session_id", String, nullable=False, server_default=""),
    PrimaryKeyConstraint("visit_id"),
)
