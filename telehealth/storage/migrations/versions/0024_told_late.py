"""What patients at home were told of a clinic that runs late."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "told_late",
        sa.Column("visit_id", sa.String(), nullable=False),
        sa.Column("start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("visit_id", name=op.f("pk_told_late")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_told_late_visit_id")),
    )


def downgrade() -> None:
    op.drop_table("told_late")
