"""How visits take place, and in which ways services are offered: by video, as all were before.

The release before writes neither column: what it books is by video.
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "healthcare_service",
        sa.Column("modalities", sa.String(), nullable=False, server_default='["video"]'),
    )
    op.add_column("appointment", sa.Column("modality", sa.String(), nullable=False, server_default="video"))


def downgrade() -> None:
    op.drop_column("appointment", "modality")
    op.drop_column("healthcare_service", "modalities")
