"""Tables of patients who were erased, and of records that must not be."""

from sqlalchemy import Column, String, Table

from telehealth.domain.erasure import Ground
from telehealth.storage.rows.metadata import metadata, refers, sealed
from telehealth.storage.types import UtcDateTime, Word

erasures = Table(
    "erasure",
    metadata,
    Column("patient_id", String, primary_key=True),
    refers("organization_id", "organization"),
    Column("because", Word(Ground), nullable=False),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
)

legal_holds = Table(
    "legal_hold",
    metadata,
    Column("patient_id", String, primary_key=True),
    refers("organization_id", "organization"),
    Column("set_at", UtcDateTime, nullable=False),
    *sealed(),
)
