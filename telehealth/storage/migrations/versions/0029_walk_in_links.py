"""By which link somebody sees their place who came without an appointment.

The column may be empty so that the release before can still write.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

NAME = "ix_walk_in_link_digest"


def upgrade() -> None:
    op.add_column("walk_in", sa.Column("link_digest", sa.LargeBinary()))
    op.create_index(op.f(NAME), "walk_in", ["link_digest"], unique=True)


def downgrade() -> None:
    op.drop_index(op.f(NAME), "walk_in")
    op.drop_column("walk_in", "link_digest")
