"""What the last check of each visit's line has found, so that the clinic sees it before the visit."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    words = ("by_kind", "way", "relay", "plan", "because")
    figures = ("up", "down", "trip", "jitter", "loss", "version")
    op.create_table(
        "line_check",
        sa.Column("visit_id", sa.String(), sa.ForeignKey("visit.id"), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        *[sa.Column(each, sa.String(), nullable=False) for each in words],
        *[sa.Column(each, sa.Integer(), nullable=False) for each in figures],
        *[sa.Column(each, sa.Boolean(), nullable=False) for each in ("camera", "microphone")],
        sa.PrimaryKeyConstraint("visit_id", name=op.f("pk_line_check")),
    )


def downgrade() -> None:
    op.drop_table("line_check")
