"""Tables of what patients said about their visits, in words of a list, and of how their lines were."""

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, Table

from telehealth.domain.consultation import Connection
from telehealth.domain.feedback import Answer
from telehealth.storage.rows.metadata import metadata, refers
from telehealth.storage.types import Ids, UtcDateTime, Word

feedback = Table(
    "feedback",
    metadata,
    refers("visit_id", "visit"),
    refers("patient_id", "patient"),
    refers("practitioner_id", "practitioner"),
    refers("organization_id", "organization"),
    Column("answer", Word(Answer), nullable=False),
    Column("troubles", Ids, nullable=False),
    Column("given_at", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False),
    PrimaryKeyConstraint("visit_id"),
    Index(None, "organization_id", "given_at"),
)

line_track = Table(
    "line_track",
    metadata,
    refers("visit_id", "visit"),
    Column("word", Word(Connection), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("slow", Integer, nullable=False),
    Column("sound_only", Integer, nullable=False),
    Column("lost", Integer, nullable=False),
    Column("breaks", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    PrimaryKeyConstraint("visit_id"),
)
