"""Which offer of a free time a message is about.

The new column may be empty: the release before can still write messages, and those of its offers are not
looked for.
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    offer = sa.ForeignKey("waitlist_offer.id", name=op.f("fk_outbox_offer_id"))
    op.add_column("outbox", sa.Column("offer_id", sa.String(), offer), inline_references=True)
    op.create_index(op.f("ix_outbox_offer_id"), "outbox", ["offer_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_outbox_offer_id"), "outbox")
    op.drop_column("outbox", "offer_id")
