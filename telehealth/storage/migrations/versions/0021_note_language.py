"""In which language a note was written: that of its author's page at the signature, empty for older ones."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("note", sa.Column("language", sa.String()))


def downgrade() -> None:
    op.drop_column("note", "language")
