"""How often patients moved an appointment by themselves, and whether its newest change was theirs.

The columns have defaults so that the release before can still write appointments.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "appointment", sa.Column("patient_moves", sa.Integer(), nullable=False, server_default=sa.text("0"))
    )
    op.add_column(
        "appointment", sa.Column("by_patient", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    op.drop_column("appointment", "by_patient")
    op.drop_column("appointment", "patient_moves")
