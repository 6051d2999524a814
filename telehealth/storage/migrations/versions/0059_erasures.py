"""Patients who were erased, and records that must not be."""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "erasure",
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("patient_id", "organization_id", "because")
        ),
        sa.Column("begun_at", INSTANT, nullable=False),
        sa.Column("done_at", INSTANT),
        sa.PrimaryKeyConstraint("patient_id", name=op.f("pk_erasure")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_erasure_organization_id")
        ),
    )
    op.create_table(
        "legal_hold",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("patient_id", "organization_id")),
        sa.Column("set_at", INSTANT, nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("patient_id", name=op.f("pk_legal_hold")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_legal_hold_organization_id")
        ),
    )


def downgrade() -> None:
    for table in ("legal_hold", "erasure"):
        op.drop_table(table)
