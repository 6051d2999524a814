"""An index of the staff sessions that have not ended: the only ones that anybody looks for by account."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    living = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_staff_session_living",
        "staff_session",
        ["account_id", "created_at"],
        sqlite_where=living,
        postgresql_where=living,
    )
    op.drop_index("ix_staff_session_account_id", "staff_session")


def downgrade() -> None:
    op.create_index("ix_staff_session_account_id", "staff_session", ["account_id"])
    op.drop_index("ix_staff_session_living", "staff_session")
