"""Which browser made the last check of a line; the previous code writes none."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("line_check", sa.Column("session_id", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("line_check", "session_id")
