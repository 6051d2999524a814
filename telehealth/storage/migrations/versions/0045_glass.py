"""Records opened in an emergency: by whom, whose, how long and why, and what the review has found."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

FOREIGN = {
    "patient_id": "patient",
    "organization_id": "organization",
    "practitioner_id": "practitioner",
    "reader_organization_id": "organization",
}


def upgrade() -> None:
    op.create_table(
        "glass",
        sa.Column("id", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in FOREIGN),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in ("opened_at", "until")),
        sa.Column("reviewed_at", sa.DateTime(timezone=True)),
        sa.Column("reviewer_id", sa.String(), nullable=False),
        sa.Column("finding", sa.String()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_glass")),
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_glass_{column}"))
            for column, target in FOREIGN.items()
        ),
    )
    for column in ("organization_id", "practitioner_id", "reader_organization_id"):
        op.create_index(op.f(f"ix_glass_{column}"), "glass", [column])


def downgrade() -> None:
    op.drop_table("glass")
