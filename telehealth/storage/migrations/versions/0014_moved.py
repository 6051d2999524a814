"""When a visit was moved to another time, and which links died by that.

The column of links has a default so that the release before can still write them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("visit", sa.Column("moved_at", sa.DateTime(timezone=True)))
    op.add_column("visit_link", sa.Column("moved", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("visit_link", "moved")
    op.drop_column("visit", "moved_at")
