"""Recordings with consent: their keys sealed under the patient's, and what everybody said to them."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0042"
branch_labels = None
depends_on = None

FOREIGN = {"visit_id": "visit", "patient_id": "patient", "organization_id": "organization"}
INSTANTS = ("asked_at", "kept_until")
LATER = ("began_at", "ended_at", "erased_at")
WORDS = ("participant", "actor_kind", "actor_id", "answer", "terms")


def upgrade() -> None:
    op.create_table(
        "recording",
        sa.Column("id", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in FOREIGN),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in INSTANTS),
        *(sa.Column(name, sa.DateTime(timezone=True)) for name in LATER),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording")),
        *_references("recording", FOREIGN),
    )
    for column in ("visit_id", "kept_until"):
        op.create_index(op.f(f"ix_recording_{column}"), "recording", [column])
    op.create_table(
        "recording_consent",
        sa.Column("id", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("recording_id", *FOREIGN, *WORDS)),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording_consent")),
        *_references("recording_consent", {"recording_id": "recording", **FOREIGN}),
    )
    op.create_index(op.f("ix_recording_consent_recording_id"), "recording_consent", ["recording_id"])


def downgrade() -> None:
    op.drop_table("recording_consent")
    op.drop_table("recording")


def _references(table: str, foreign: dict[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, target in foreign.items()
    ]
