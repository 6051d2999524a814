"""Whether a practitioner gave an appointment to themselves: such a visit opens no stranger's record.

The column has a default so that the release before can still write appointments. What was booked so far is
told by the audit log.
"""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

BOOKED_BY_THEMSELVES = """
    UPDATE appointment SET by_practitioner = :yes WHERE id IN (
        SELECT booked.id FROM audit_entry
        JOIN appointment AS booked ON audit_entry.entity_id = booked.id
        WHERE audit_entry.action = 'appointment:book' AND audit_entry.actor_id = booked.practitioner_id
    )
"""

SERIES_BOOKED_BY_THEMSELVES = """
    UPDATE appointment SET by_practitioner = :yes WHERE id IN (
        SELECT booked.id FROM audit_entry
        JOIN appointment AS booked ON audit_entry.entity_id = booked.series_id
        WHERE audit_entry.action = 'series:book' AND audit_entry.actor_id = booked.practitioner_id
    )
"""
"""A series was entered once, under its own id."""


def upgrade() -> None:
    op.add_column(
        "appointment", sa.Column("by_practitioner", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    for statement in (BOOKED_BY_THEMSELVES, SERIES_BOOKED_BY_THEMSELVES):
        op.execute(sa.text(statement).bindparams(yes=True))


def downgrade() -> None:
    op.drop_column("appointment", "by_practitioner")
