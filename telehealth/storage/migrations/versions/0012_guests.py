"""The guests of a visit: a table of its own, so that nothing of a guest's can pass for the patient's."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "visit_guest",
        sa.Column("id", sa.String(), nullable=False),
        _text("visit_id"),
        _text("patient_id"),
        _text("organization_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        _text("kind"),
        _text("invited_by"),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        _text("state"),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("session_digest", sa.LargeBinary()),
        sa.Column("agreed_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer(), nullable=False),
        _text("key_id"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_guest")),
        sa.UniqueConstraint("digest", name=op.f("uq_visit_guest_digest")),
        sa.UniqueConstraint("visit_id", "number", name=op.f("uq_visit_guest_visit_id_number")),
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_visit_guest_{column}"))
            for column, target in (
                ("visit_id", "visit"),
                ("patient_id", "patient"),
                ("organization_id", "organization"),
            )
        ),
    )


def downgrade() -> None:
    op.drop_table("visit_guest")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)
