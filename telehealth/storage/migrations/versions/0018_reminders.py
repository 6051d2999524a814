"""How many minutes before a visit its patient is reminded, for each service.

The column has a default so that the release before can still add services; those that are there remind their
patients from now on a day and ten minutes before.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    reminders = sa.Column("reminders", sa.String(), nullable=False, server_default="[1440, 10]")
    op.add_column("healthcare_service", reminders)


def downgrade() -> None:
    op.drop_column("healthcare_service", "reminders")
