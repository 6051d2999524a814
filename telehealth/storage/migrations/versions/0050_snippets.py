"""Clinicians' own short texts for notes, sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

FOREIGN = {"practitioner_id": "practitioner", "organization_id": "organization"}


def upgrade() -> None:
    op.create_table(
        "snippet",
        *(sa.Column(name, sa.String(), nullable=False) for name in FOREIGN),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("practitioner_id", name=op.f("pk_snippet")),
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_snippet_{column}"))
            for column, target in FOREIGN.items()
        ),
    )


def downgrade() -> None:
    op.drop_table("snippet")
