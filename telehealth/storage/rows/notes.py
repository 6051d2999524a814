"""Tables of notes and their addenda, sealed under the patient's key."""

from sqlalchemy import Column, Index, Integer, Table, UniqueConstraint, text

from telehealth.domain.note import NoteState
from telehealth.storage.rows.metadata import identity, metadata, refers, sealed
from telehealth.storage.types import Blank, UtcDateTime, Word

notes = Table(
    "note",
    metadata,
    identity(),
    refers("visit_id", "visit"),
    refers("patient_id", "patient", index=True),
    refers("author_id", "practitioner"),
    refers("organization_id", "organization"),
    Column("state", Word(NoteState), nullable=False),
    Column("version", Integer, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("signed_at", UtcDateTime),
    Column("composition_id", Blank),
    Column("language", Blank),
    Column("number", Integer, nullable=False, server_default="1"),
    *sealed(),
    UniqueConstraint("visit_id", "author_id", "number"),
    Index(
        "ix_note_unsigned",
        "author_id",
        sqlite_where=text("state = 'draft'"),
        postgresql_where=text("state = 'draft'"),
    ),
)

addenda = Table(
    "addendum",
    metadata,
    identity(),
    refers("note_id", "note", index=True),
    refers("visit_id", "visit"),
    refers("patient_id", "patient"),
    refers("author_id", "practitioner"),
    refers("organization_id", "organization"),
    Column("added_at", UtcDateTime, nullable=False),
    *sealed(),
)
