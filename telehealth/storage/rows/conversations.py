"""The table of what was said in writing during calls."""

from sqlalchemy import Column, Integer, String, Table, UniqueConstraint

from telehealth.domain.conversation import Kind, Phrase
from telehealth.domain.guests import GuestKind
from telehealth.storage.rows.metadata import identity, metadata, refers, sealed
from telehealth.storage.types import UtcDateTime, Word

utterances = Table(
    "utterance",
    metadata,
    identity(),
    refers("visit_id", "visit"),
    refers("patient_id", "patient"),
    refers("organization_id", "organization"),
    Column("author_id", String, nullable=False),
    Column("key", String, nullable=False),
    Column("sender", String, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("kind", Word(Kind), nullable=False),
    Column("phrase", Word(Phrase), nullable=False),
    Column("said_at", UtcDateTime, nullable=False),
    Column("part", Word(GuestKind)),
    *sealed(),
    UniqueConstraint("visit_id", "seq"),
    UniqueConstraint("visit_id", "author_id", "key"),
)
