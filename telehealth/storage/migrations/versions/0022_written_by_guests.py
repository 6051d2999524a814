"""What guests write and read in a call: what they are in the visit, and from which number on they read.

Whoever is let in by the previous code reads nothing: no number of what is written is above the default.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("utterance", sa.Column("part", sa.String()))
    after = sa.Column("hears_after", sa.Integer(), nullable=False, server_default="2147483647")
    op.add_column("visit_guest", after)


def downgrade() -> None:
    op.drop_column("visit_guest", "hears_after")
    op.drop_column("utterance", "part")
