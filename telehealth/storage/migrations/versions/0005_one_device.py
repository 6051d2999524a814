"""Which browser's session is the patient's device in a visit, and which other one asks to be it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("visit", sa.Column("bound_to", sa.String()))
    op.add_column("visit", sa.Column("asked_by", sa.String()))


def downgrade() -> None:
    op.drop_column("visit", "asked_by")
    op.drop_column("visit", "bound_to")
