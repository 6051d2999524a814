"""The language that an interpreter is there for, sealed.

The new columns may be empty: the release before can still write, and what it wrote in clear is still read.
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("appointment_resource", sa.Column("key_id", sa.String()))
    op.add_column("appointment_resource", sa.Column("sealed", sa.LargeBinary()))


def downgrade() -> None:
    op.drop_column("appointment_resource", "sealed")
    op.drop_column("appointment_resource", "key_id")
