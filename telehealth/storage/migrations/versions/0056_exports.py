"""The records of a house as files for one of its programs, and how far they are."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
FOREIGN = {"program_id": "program", "organization_id": "organization"}


def upgrade() -> None:
    op.create_table(
        "export",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("id", *FOREIGN, "types", "scopes")),
        *(sa.Column(name, INSTANT, nullable=False) for name in ("made_at", "changed_at")),
        *(sa.Column(name, INSTANT) for name in ("since", "claimed_until")),
        sa.Column("state", sa.String(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("total", "done")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("after", "files")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("tries", "version")),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export")),
        sa.UniqueConstraint("program_id", name=op.f("uq_export_program_id")),
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_export_{column}"))
            for column, target in FOREIGN.items()
        ),
    )


def downgrade() -> None:
    op.drop_table("export")
