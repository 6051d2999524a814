"""The table of records as files: how far each is; the key of its files and what was asked are sealed."""

from sqlalchemy import Column, Integer, String, Table

from telehealth.domain.exports import ExportState
from telehealth.storage.rows.metadata import identity, metadata, refers, sealed
from telehealth.storage.types import Ids, UtcDateTime, Word

exports = Table(
    "export",
    metadata,
    identity(),
    refers("program_id", "program", unique=True),
    refers("organization_id", "organization"),
    Column("types", Ids, nullable=False),
    Column("scopes", Ids, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("since", UtcDateTime),
    Column("claimed_until", UtcDateTime),
    Column("state", Word(ExportState), nullable=False),
    Column("total", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("after", String, nullable=False),
    Column("files", String, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    *sealed(),
)
