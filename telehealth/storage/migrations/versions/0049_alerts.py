"""Odd patterns of reading that privacy officers are told of: ids, days and patterns."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

WORDS = ("pattern", "organization_id", "practitioner_id", "patient_id", "day")
KEY = ("pattern", "practitioner_id", "patient_id", "day")


def upgrade() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in WORDS),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True)),
        sa.Column("seen_by", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint(*KEY, name=op.f("uq_alert_pattern_practitioner_id_patient_id_day")),
        *(
            sa.ForeignKeyConstraint([f"{target}_id"], [f"{target}.id"], name=op.f(f"fk_alert_{target}_id"))
            for target in ("organization", "practitioner")
        ),
    )
    for column in ("organization_id", "day"):
        op.create_index(op.f(f"ix_alert_{column}"), "alert", [column])


def downgrade() -> None:
    op.drop_table("alert")
