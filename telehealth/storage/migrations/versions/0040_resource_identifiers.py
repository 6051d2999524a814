"""Identifiers of what is in the shared record: of resources that come twice, one is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0041"
branch_labels = None
depends_on = None

TABLE = "resource_identifier"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("patient_id", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("resource_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("type", "patient_id", "digest", "place", name=op.f(f"pk_{TABLE}")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f(f"fk_{TABLE}_patient_id")),
    )
    op.create_index(op.f(f"ix_{TABLE}_type_resource_id"), TABLE, ["type", "resource_id"])


def downgrade() -> None:
    op.drop_table(TABLE)
