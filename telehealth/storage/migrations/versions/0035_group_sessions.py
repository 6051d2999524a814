"""Group sessions: claims of one session share a resource, and each visit in it has a seat of its own.

Services see one patient at a time unless they say otherwise, and what the release before claims is in no
session: for that the rules are what they were. PostgreSQL builds its rule anew, and bookings wait for that.
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

TABLE = "appointment_resource"
SEATED = sa.text("active AND seat IS NOT NULL")
ONCE = (
    "resource_id WITH =, kind WITH =, tstzrange(busy_start, busy_end, '[)') WITH &&,"
    " COALESCE(session, appointment_id) WITH <>"
)
OVERLAP = """
    CREATE TRIGGER appointment_resource_{name} BEFORE {when} ON appointment_resource WHEN NEW.active BEGIN
        SELECT RAISE(ABORT, 'slot-taken') WHERE EXISTS (
            SELECT 1 FROM appointment_resource AS other
            WHERE other.active AND other.resource_id = NEW.resource_id AND other.kind = NEW.kind
              AND other.busy_end > NEW.busy_start AND other.busy_start < NEW.busy_end
              AND other.appointment_id <> NEW.appointment_id
              AND COALESCE(other.session, other.appointment_id) <> COALESCE(NEW.session, NEW.appointment_id)
        );
    END
"""


def upgrade() -> None:
    capacity = sa.Column("capacity", sa.Integer(), nullable=False, server_default="1")
    op.add_column("healthcare_service", capacity)
    op.add_column(TABLE, sa.Column("session", sa.String()))
    op.add_column(TABLE, sa.Column("seat", sa.Integer()))
    op.create_index(
        op.f("ix_appointment_resource_seat"),
        TABLE,
        ["session", "seat"],
        unique=True,
        sqlite_where=SEATED,
        postgresql_where=SEATED,
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"ALTER TABLE {TABLE} DROP CONSTRAINT appointment_resource_once,"
            f" ADD CONSTRAINT appointment_resource_once EXCLUDE USING gist ({ONCE}) WHERE (active)"
        )
    else:
        replace("insert", "INSERT")
        replace("update", "UPDATE OF active, busy_start, busy_end, resource_id, kind, session")


def replace(name: str, when: str) -> None:
    op.execute(f"DROP TRIGGER appointment_resource_{name}")
    op.execute(OVERLAP.format(name=name, when=when))


def downgrade() -> None:
    raise NotImplementedError("The rules before refuse sessions that are booked; put back a backup.")
