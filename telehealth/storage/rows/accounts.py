"""Tables of staff accounts, their sessions and one-time links; secrets are sealed, tokens are hashes."""

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, text

from telehealth.domain.accounts import LinkPurpose, SessionStage
from telehealth.storage.rows.metadata import identity, metadata, refers, sealed
from telehealth.storage.types import Preferred, UtcDateTime, Word

accounts = Table(
    "account",
    metadata,
    identity(),
    refers("practitioner_id", "practitioner", unique=True),
    refers("organization_id", "organization", index=True),
    Column("email_index", LargeBinary, nullable=False, unique=True),
    Column("totp_step", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("failed_at", UtcDateTime),
    Column("disabled_at", UtcDateTime),
    Column("preferences", Preferred, nullable=False),
    Column("language", String, nullable=False),
    *sealed(),
)

staff_session = Table(
    "staff_session",
    metadata,
    identity(),
    refers("account_id", "account"),
    refers("practitioner_id", "practitioner"),
    refers("organization_id", "organization"),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("stage", Word(SessionStage), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("step_up_at", UtcDateTime),
    Column("ended_at", UtcDateTime, index=True),
    Index(
        "ix_staff_session_living",
        "account_id",
        "created_at",
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)

one_time_link = Table(
    "one_time_link",
    metadata,
    identity(),
    refers("account_id", "account", index=True),
    Column("purpose", Word(LinkPurpose), nullable=False),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("requested_by", String, nullable=False),
    Column("approved_by", String, nullable=False),
    Column("used_at", UtcDateTime),
)
