"""Series of visits, and what an appointment is in one.

The columns may be empty or have a default so that the release before can still write appointments.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

REFERENCES = {
    "organization_id": "organization",
    "patient_organization_id": "organization",
    "patient_id": "patient",
    "practitioner_id": "practitioner",
    "service_id": "healthcare_service",
}


def upgrade() -> None:
    op.create_table(
        "appointment_series",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("id", *REFERENCES)),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("zone", "local_start", "rule")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_series")),
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_appointment_series_{column}"))
            for column, target in REFERENCES.items()
        ),
    )
    series = sa.ForeignKey("appointment_series.id", name=op.f("fk_appointment_series_id"))
    op.add_column("appointment", sa.Column("series_id", sa.String(), series), inline_references=True)
    op.add_column("appointment", sa.Column("recurrence", sa.String()))
    op.add_column("appointment", sa.Column("apart", sa.Boolean(), nullable=False, server_default=sa.false()))
    name = op.f("ix_appointment_series_id_recurrence")
    op.create_index(name, "appointment", ["series_id", "recurrence"], unique=True)


def downgrade() -> None:
    op.drop_index(op.f("ix_appointment_series_id_recurrence"), "appointment")
    for name in ("apart", "recurrence", "series_id"):
        op.drop_column("appointment", name)
    op.drop_table("appointment_series")
