"""The code by which a person goes on with a visit in another browser of theirs."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("visit", sa.Column("transfer_digest", sa.LargeBinary()))
    op.add_column("visit", sa.Column("transfer_until", sa.DateTime(timezone=True)))
    op.create_index("uq_visit_transfer_digest", "visit", ["transfer_digest"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_visit_transfer_digest", "visit")
    op.drop_column("visit", "transfer_until")
    op.drop_column("visit", "transfer_digest")
