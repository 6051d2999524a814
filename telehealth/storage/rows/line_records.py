"""How lines were: a row for each member of a visit, its looks as one text, their sum in columns."""

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, String, Table

from telehealth.storage.rows.metadata import metadata, refers
from telehealth.storage.types import UtcDateTime

line_record = Table(
    "line_record",
    metadata,
    refers("visit_id", "visit"),
    Column("member", String, nullable=False),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("seconds", Integer, nullable=False),
    Column("mos", Integer, nullable=False),
    Column("worst", Integer, nullable=False),
    Column("rtt", Integer, nullable=False),
    Column("loss", Integer, nullable=False),
    Column("relayed", Integer, nullable=False),
    Column("breaks", Integer, nullable=False),
    Column("first_frame", Integer),
    Column("looks", String, nullable=False),
    Column("marks", String, nullable=False),
    PrimaryKeyConstraint("visit_id", "member"),
    Index(None, "begun_at"),
)
