"""The queues of those who come without an appointment."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

REFERENCES = {
    "organization_id": "organization",
    "service_id": "healthcare_service",
    "patient_id": "patient",
    "visit_id": "visit",
}
WAITS = sa.text("status = 'waiting'")


def upgrade() -> None:
    op.create_table(
        "walk_in",
        *(_text(name) for name in ("id", "organization_id", "service_id", "patient_id", "triage")),
        _instant("arrived_at"),
        _text("status"),
        _instant("since"),
        sa.Column("visit_id", sa.String()),
        sa.Column("version", sa.Integer(), nullable=False),
        _text("key_id"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_walk_in")),
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_walk_in_{column}"))
            for column, target in REFERENCES.items()
        ),
    )
    for column in ("organization_id", "service_id"):
        op.create_index(op.f(f"ix_walk_in_{column}_arrived_at"), "walk_in", [column, "arrived_at"])
    once = {"unique": True, "sqlite_where": WAITS, "postgresql_where": WAITS}
    op.create_index("ix_walk_in_waits_once", "walk_in", ["patient_id"], **once)


def downgrade() -> None:
    op.drop_table("walk_in")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _instant(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)
