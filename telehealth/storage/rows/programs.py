"""Tables of programs that work by themselves: public keys and hashes, nothing secret."""

from sqlalchemy import Column, Integer, LargeBinary, PrimaryKeyConstraint, String, Table

from telehealth.storage.rows.metadata import identity, metadata, refers
from telehealth.storage.types import UtcDateTime

programs = Table(
    "program",
    metadata,
    identity(),
    refers("organization_id", "organization"),
    Column("name", String, nullable=False),
    Column("scopes", String, nullable=False),
    Column("keys", String, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("version", Integer, nullable=False),
)

program_tokens = Table(
    "program_token",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    refers("program_id", "program"),
    Column("scopes", String, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
)

program_assertions = Table(
    "program_assertion",
    metadata,
    refers("program_id", "program"),
    Column("digest", LargeBinary, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
    PrimaryKeyConstraint("program_id", "digest"),
)
"""Assertions that were used, until they are over: each lets its program in once."""
