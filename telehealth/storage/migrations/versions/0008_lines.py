"""How soon somebody is to be seen, who wants a message, how a clinic runs today, and what it told who waits.

The columns have defaults so that the release before can still write visits.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

IN_LINE = sa.text("status IN ('waiting', 'in-progress')")
ENDED = sa.text("ended_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("visit", sa.Column("priority", sa.String(), nullable=False, server_default="routine"))
    op.add_column("visit", sa.Column("text_me", sa.String(), nullable=False, server_default="no"))
    op.create_index(
        "ix_visit_line", "visit", ["practitioner_id"], sqlite_where=IN_LINE, postgresql_where=IN_LINE
    )
    op.create_index(
        "ix_visit_ended",
        "visit",
        ["practitioner_id", "ended_at"],
        sqlite_where=ENDED,
        postgresql_where=ENDED,
    )
    _running()
    _messages()


def _running() -> None:
    op.create_table(
        "clinic_running",
        _id("practitioner_id"),
        _id("organization_id"),
        sa.Column("day", sa.Date(), nullable=False),
        _instant("ends_at"),
        sa.Column("late_minutes", sa.Integer(), nullable=False),
        sa.Column("late_reason", sa.String(), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True)),
        sa.Column("pause_reason", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("practitioner_id", "day", name=op.f("pk_clinic_running")),
        *_foreign("clinic_running", practitioner_id="practitioner", organization_id="organization"),
    )


def _messages() -> None:
    op.create_table(
        "clinic_message",
        sa.Column("id", sa.String(), nullable=False),
        _id("visit_id"),
        _id("patient_id"),
        _id("organization_id"),
        _id("author_id"),
        _instant("sent_at"),
        sa.Column("prepared", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_message")),
        *_foreign(
            "clinic_message",
            visit_id="visit",
            patient_id="patient",
            organization_id="organization",
            author_id="practitioner",
        ),
    )
    op.create_index(op.f("ix_clinic_message_visit_id"), "clinic_message", ["visit_id"])


def downgrade() -> None:
    op.drop_table("clinic_message")
    op.drop_table("clinic_running")
    op.drop_index("ix_visit_ended", "visit")
    op.drop_index("ix_visit_line", "visit")
    op.drop_column("visit", "text_me")
    op.drop_column("visit", "priority")


def _id(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _instant(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _foreign(table: str, **targets: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, target in targets.items()
    ]
