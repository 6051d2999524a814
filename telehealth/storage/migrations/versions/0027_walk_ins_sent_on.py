"""From which clinic somebody was sent on who came without an appointment.

The column may be empty so that the release before can still write.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

NAME = "from_organization_id"


def upgrade() -> None:
    clinic = sa.ForeignKey("organization.id", name=op.f(f"fk_walk_in_{NAME}"))
    op.add_column("walk_in", sa.Column(NAME, sa.String(), clinic), inline_references=True)
    op.create_index(op.f(f"ix_walk_in_{NAME}_arrived_at"), "walk_in", [NAME, "arrived_at"])


def downgrade() -> None:
    op.drop_index(op.f(f"ix_walk_in_{NAME}_arrived_at"), "walk_in")
    op.drop_column("walk_in", NAME)
