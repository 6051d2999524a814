"""What patients say about their visits, and how their lines were during the call."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feedback",
        _text("visit_id"),
        _text("patient_id"),
        _text("practitioner_id"),
        _text("organization_id"),
        _text("answer"),
        _text("troubles"),
        _instant("given_at"),
        _number("version"),
        sa.PrimaryKeyConstraint("visit_id", name=op.f("pk_feedback")),
        *_foreign(
            "feedback",
            visit_id="visit",
            patient_id="patient",
            practitioner_id="practitioner",
            organization_id="organization",
        ),
    )
    op.create_index(op.f("ix_feedback_organization_id_given_at"), "feedback", ["organization_id", "given_at"])
    op.create_table(
        "line_track",
        _text("visit_id"),
        _text("word"),
        _instant("since"),
        *(_number(name) for name in ("slow", "sound_only", "lost", "breaks", "version")),
        sa.PrimaryKeyConstraint("visit_id", name=op.f("pk_line_track")),
        *_foreign("line_track", visit_id="visit"),
    )


def downgrade() -> None:
    op.drop_table("line_track")
    op.drop_table("feedback")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _instant(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _foreign(table: str, **targets: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, target in targets.items()
    ]
