"""When a message was written and when it came to where it stands; empty in rows of the release before."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OPEN = "state IN ('due', 'sending', 'leaving')"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("made_at", sa.DateTime(timezone=True)))
    op.add_column("outbox", sa.Column("changed_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE outbox SET made_at = due_at, changed_at = due_at")
    op.drop_index("ix_outbox_open", "outbox")
    op.create_index(
        "ix_outbox_open", "outbox", ["due_at"], sqlite_where=sa.text(OPEN), postgresql_where=sa.text(OPEN)
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_open", "outbox")
    narrow = sa.text("state IN ('due', 'sending')")
    op.create_index("ix_outbox_open", "outbox", ["due_at"], sqlite_where=narrow, postgresql_where=narrow)
    op.drop_column("outbox", "changed_at")
    op.drop_column("outbox", "made_at")
