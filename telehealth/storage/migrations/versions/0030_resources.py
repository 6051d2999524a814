"""Rooms, devices and interpreters of sites, and for which language an interpreter is there.

The new column may be empty so that the release before can still write.
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

REFERENCES = {"organization_id": "organization", "location_id": "location"}


def upgrade() -> None:
    op.create_table(
        "resource",
        *(_text(name) for name in ("id", "organization_id", "location_id", "kind")),
        *(_number(name) for name in ("before_minutes", "after_minutes")),
        sa.Column("retired_at", sa.DateTime(timezone=True)),
        _number("version"),
        _text("key_id"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource")),
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_resource_{column}"))
            for column, target in REFERENCES.items()
        ),
    )
    op.create_index(op.f("ix_resource_organization_id"), "resource", ["organization_id"])
    op.add_column("appointment_resource", sa.Column("wanted", sa.String()))


def downgrade() -> None:
    op.drop_column("appointment_resource", "wanted")
    op.drop_table("resource")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)
