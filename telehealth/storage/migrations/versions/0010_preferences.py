"""How a member of staff likes to work: keys, sounds, notices; an empty object is as usual.

The column has a default so that the release before can still write accounts.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("preferences", sa.String(), nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("account", "preferences")
