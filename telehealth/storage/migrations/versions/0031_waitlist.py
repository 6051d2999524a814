"""Waiting lists, and the times that are offered to those on them."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

WAITING = {
    "organization_id": "organization",
    "patient_organization_id": "organization",
    "service_id": "healthcare_service",
    "patient_id": "patient",
    "practitioner_id": "practitioner",
    "visit_id": "visit",
}
MAY_BE_EMPTY = ("practitioner_id", "visit_id")
OFFERED = {
    "waiting_id": "waitlist",
    "patient_id": "patient",
    "hold_id": "appointment",
    "practitioner_id": "practitioner",
}


def upgrade() -> None:
    op.create_table(
        "waitlist",
        *(_text(name) for name in ("id", *WAITING) if name not in MAY_BE_EMPTY),
        *(sa.Column(name, sa.String()) for name in MAY_BE_EMPTY),
        *(sa.Column(name, sa.Date(), nullable=False) for name in ("first", "last")),
        _text("weekdays"),
        sa.Column("notice_hours", sa.Integer(), nullable=False),
        _instant("since"),
        _text("status"),
        sa.Column("version", sa.Integer(), nullable=False),
        *_keys("waitlist", WAITING),
    )
    op.create_index(op.f("ix_waitlist_status_since"), "waitlist", ["status", "since"])
    _once("ix_waitlist_waits_once", "waitlist", ["patient_id", "service_id"], "status = 'waiting'")
    op.create_table(
        "waitlist_offer",
        *(_text(name) for name in ("id", *OFFERED)),
        *(_instant(name) for name in ("start", "expires_at", "made_at")),
        *(sa.Column(name, sa.LargeBinary(), nullable=False) for name in ("digest", "code_digest")),
        _text("state"),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("tries", "version")),
        *_keys("waitlist_offer", OFFERED),
        *(
            sa.UniqueConstraint(name, name=op.f(f"uq_waitlist_offer_{name}"))
            for name in ("digest", "code_digest")
        ),
    )
    op.create_index(op.f("ix_waitlist_offer_waiting_id"), "waitlist_offer", ["waiting_id"])
    op.create_index(op.f("ix_waitlist_offer_state_expires_at"), "waitlist_offer", ["state", "expires_at"])
    _once("ix_waitlist_offer_open_once", "waitlist_offer", ["waiting_id"], "state = 'open'")


def downgrade() -> None:
    op.drop_table("waitlist_offer")
    op.drop_table("waitlist")


def _keys(table: str, references: dict[str, str]) -> list[sa.Constraint]:
    return [
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))
            for column, target in references.items()
        ),
    ]


def _once(name: str, table: str, names: list[str], where: str) -> None:
    op.create_index(
        name, table, names, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _instant(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)
