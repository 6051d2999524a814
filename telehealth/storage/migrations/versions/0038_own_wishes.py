"""Wishes that patients leave on a waiting list by themselves: with the hours that suit them.

The new columns have defaults so that the release before can still write wishes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

REFERENCES = {
    "organization_id": ("organization", False),
    "service_id": ("healthcare_service", False),
    "waiting_id": ("waitlist", True),
}


def upgrade() -> None:
    for name, default in (("from_hour", "0"), ("until_hour", "24")):
        op.add_column("waitlist", sa.Column(name, sa.Integer(), nullable=False, server_default=default))
    by_patient = sa.Column("by_patient", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("waitlist", by_patient)
    op.create_table(
        "own_wish",
        sa.Column("id", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=empty) for name, (_, empty) in REFERENCES.items()),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_wish")),
        sa.UniqueConstraint("digest", name=op.f("uq_own_wish_digest")),
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_own_wish_{column}"))
            for column, (target, _) in REFERENCES.items()
        ),
    )
    op.create_index(op.f("ix_own_wish_made_at"), "own_wish", ["made_at"])


def downgrade() -> None:
    op.drop_table("own_wish")
    for name in ("by_patient", "until_hour", "from_hour"):
        op.drop_column("waitlist", name)
