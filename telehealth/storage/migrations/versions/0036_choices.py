"""Invitations to choose a time, and which of them a message is about.

The new column may be empty: the release before can still write messages.
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

REFERENCES = {
    "organization_id": ("organization", False),
    "patient_organization_id": ("organization", False),
    "service_id": ("healthcare_service", False),
    "patient_id": ("patient", False),
    "practitioner_id": ("practitioner", True),
    "hold_id": ("appointment", True),
    "visit_id": ("visit", True),
}
DIGESTS = ("digest", "code_digest")
OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.create_table(
        "choice",
        sa.Column("id", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=empty) for name, (_, empty) in REFERENCES.items()),
        sa.Column("interpreter", sa.Boolean(), nullable=False),
        *(
            sa.Column(name, sa.DateTime(timezone=True), nullable=name == "opened_at")
            for name in ("made_at", "expires_at", "opened_at")
        ),
        *(sa.Column(name, sa.LargeBinary(), nullable=False) for name in DIGESTS),
        sa.Column("state", sa.String(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("tries", "version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_choice")),
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_choice_{column}"))
            for column, (target, _) in REFERENCES.items()
        ),
        *(sa.UniqueConstraint(name, name=op.f(f"uq_choice_{name}")) for name in DIGESTS),
    )
    op.create_index(op.f("ix_choice_patient_id"), "choice", ["patient_id"])
    op.create_index(
        "ix_choice_open_once",
        "choice",
        ["patient_id", "service_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    choice = sa.ForeignKey("choice.id", name=op.f("fk_outbox_choice_id"))
    op.add_column("outbox", sa.Column("choice_id", sa.String(), choice), inline_references=True)
    op.create_index(op.f("ix_outbox_choice_id"), "outbox", ["choice_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_outbox_choice_id"), "outbox")
    op.drop_column("outbox", "choice_id")
    op.drop_table("choice")
