"""What is said in writing during a call, sealed under the patient's key, numbered within its visit."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

WORDS = ("author_id", "key", "sender", "kind", "phrase")
FOREIGN = {"visit_id": "visit", "patient_id": "patient", "organization_id": "organization"}


def upgrade() -> None:
    op.create_table(
        "utterance",
        sa.Column("id", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in (*FOREIGN, *WORDS)),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_utterance")),
        sa.UniqueConstraint("visit_id", "seq", name=op.f("uq_utterance_visit_id_seq")),
        sa.UniqueConstraint("visit_id", "author_id", "key", name=op.f("uq_utterance_visit_id_author_id_key")),
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_utterance_{column}"))
            for column, target in FOREIGN.items()
        ),
    )


def downgrade() -> None:
    op.drop_table("utterance")
