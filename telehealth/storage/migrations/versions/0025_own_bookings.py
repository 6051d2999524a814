"""Bookings that patients make by themselves, and which services are open to that.

The new column has a default so that the release before can still write services.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

REFERENCES = {
    "organization_id": ("organization", False),
    "service_id": ("healthcare_service", False),
    "hold_id": ("appointment", False),
    "patient_id": ("patient", True),
    "visit_id": ("visit", True),
}


def upgrade() -> None:
    op.add_column(
        "healthcare_service",
        sa.Column("open_to_patients", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "own_booking",
        sa.Column("id", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=empty) for name, (_, empty) in REFERENCES.items()),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_booking")),
        sa.UniqueConstraint("digest", name=op.f("uq_own_booking_digest")),
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_own_booking_{column}"))
            for column, (target, _) in REFERENCES.items()
        ),
    )
    op.create_index(op.f("ix_own_booking_made_at"), "own_booking", ["made_at"])


def downgrade() -> None:
    op.drop_table("own_booking")
    op.drop_column("healthcare_service", "open_to_patients")
