"""Tables of the audit log: entries, the patients they touch, and their places in the chain.

Entries hold no foreign keys: a refused try may name things that do not exist.
"""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, PrimaryKeyConstraint, String, Table, text

from telehealth.domain.audit import AuditAction, AuditOutcome
from telehealth.storage.rows.metadata import identity, metadata, refers
from telehealth.storage.types import Blank, Ids, UtcDateTime, Word

audit_entry = Table(
    "audit_entry",
    metadata,
    identity(),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("action", Word(AuditAction), nullable=False),
    Column("outcome", Word(AuditOutcome), nullable=False),
    Column("actor_kind", String, nullable=False),
    Column("actor_id", String, nullable=False),
    Column("actor_role", String, nullable=False),
    Column("organization_id", String, nullable=False),
    Column("session_id", String, nullable=False),
    Column("request_id", String, nullable=False),
    Column("patient_ids", Ids, nullable=False),
    Column("entity", String, nullable=False),
    Column("entity_id", String, nullable=False),
    Column("reason", String, nullable=False),
    # The only patient of most entries: saves them their row in audit_subject.
    Column("patient_id", Blank),
    Column("linked", Boolean, nullable=False),
    # With the action at the end: entries of a rare kind are told apart without opening all the others.
    Index(None, "organization_id", "at", "action"),
    Index(None, "actor_id", "at", "action"),
    Index(None, "patient_id", "at"),
    Index(
        "ix_audit_entry_unlinked", "at", sqlite_where=text("NOT linked"), postgresql_where=text("NOT linked")
    ),
)

audit_subject = Table(
    "audit_subject",
    metadata,
    refers("entry_id", "audit_entry"),
    Column("patient_id", String, nullable=False),
    PrimaryKeyConstraint("patient_id", "entry_id"),
)

audit_link = Table(
    "audit_link",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    refers("entry_id", "audit_entry", unique=True),
    Column("leaf", LargeBinary, nullable=False),
    Column("head", LargeBinary, nullable=False),
)
