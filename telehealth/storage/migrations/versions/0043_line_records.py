"""How lines were, in figures: a row for each member of a visit."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0040"
branch_labels = None
depends_on = None

TABLE = "line_record"
SUMMED = ("seconds", "mos", "worst", "rtt", "loss", "relayed", "breaks")


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("visit_id", sa.String(), nullable=False),
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in SUMMED),
        sa.Column("first_frame", sa.Integer()),
        sa.Column("looks", sa.String(), nullable=False),
        sa.Column("marks", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("visit_id", "member", name=op.f(f"pk_{TABLE}")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f(f"fk_{TABLE}_visit_id")),
    )
    op.create_index(op.f(f"ix_{TABLE}_begun_at"), TABLE, ["begun_at"])


def downgrade() -> None:
    op.drop_table(TABLE)
