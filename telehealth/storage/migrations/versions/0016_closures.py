"""When an organization or one of its sites is closed; whom to ring meanwhile is sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "closure",
        _text("id"),
        _text("organization_id"),
        sa.Column("location_id", sa.String()),
        sa.Column("start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end", sa.DateTime(timezone=True), nullable=False),
        _text("reason"),
        _text("key_id"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_closure_{column}"))
            for column, target in (("organization_id", "organization"), ("location_id", "location"))
        ),
    )
    op.create_index(op.f("ix_closure_organization_id_end"), "closure", ["organization_id", "end"])


def downgrade() -> None:
    op.drop_table("closure")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)
