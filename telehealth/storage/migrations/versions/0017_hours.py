"""Breaks in weekly hours, what differs from them, regions of sites, and when a service can be booked.

New columns have defaults so that the release before can still write its rows.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

NUMBERS = (
    ("location", "version", "0"),
    ("healthcare_service", "before_minutes", "0"),
    ("healthcare_service", "notice_minutes", "0"),
    ("healthcare_service", "horizon_days", "366"),
    ("healthcare_service", "version", "0"),
    ("weekly_hours", "version", "0"),
)
REFERENCES = {
    "organization_id": "organization",
    "practitioner_id": "practitioner",
    "location_id": "location",
    "service_id": "healthcare_service",
}


def upgrade() -> None:
    op.add_column("location", sa.Column("region", sa.String(), nullable=False, server_default=""))
    op.add_column("weekly_hours", sa.Column("breaks", sa.String(), nullable=False, server_default="[]"))
    for table, name, default in NUMBERS:
        op.add_column(table, sa.Column(name, sa.Integer(), nullable=False, server_default=default))
    op.create_table(
        "hours_exception",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("organization_id", sa.String(), nullable=False),
        sa.Column("practitioner_id", sa.String()),
        sa.Column("location_id", sa.String(), nullable=False),
        sa.Column("service_id", sa.String()),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("start", sa.Time(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("end", sa.Time(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hours_exception")),
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_hours_exception_{column}"))
            for column, target in REFERENCES.items()
        ),
    )
    op.create_index(op.f("ix_hours_exception_practitioner_id"), "hours_exception", ["practitioner_id"])
    op.create_index(
        op.f("ix_hours_exception_organization_id_last"), "hours_exception", ["organization_id", "last"]
    )


def downgrade() -> None:
    op.drop_table("hours_exception")
    op.drop_column("weekly_hours", "breaks")
    op.drop_column("location", "region")
    for table, name, _ in reversed(NUMBERS):
        op.drop_column(table, name)
