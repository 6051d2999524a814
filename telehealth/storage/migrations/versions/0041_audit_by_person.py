"""Who saw what: an index on the acting person, and the action in both, so that rare kinds are found fast."""

from alembic import op

revision = "0041"
down_revision = "0038"
branch_labels = None
depends_on = None

TABLE = "audit_entry"
BEFORE = "ix_audit_entry_organization_id_at"


def upgrade() -> None:
    for column in ("organization_id", "actor_id"):
        op.create_index(op.f(f"ix_audit_entry_{column}_at_action"), TABLE, [column, "at", "action"])
    op.drop_index(op.f(BEFORE), TABLE)


def downgrade() -> None:
    op.create_index(op.f(BEFORE), TABLE, ["organization_id", "at"])
    for column in ("organization_id", "actor_id"):
        op.drop_index(op.f(f"ix_audit_entry_{column}_at_action"), TABLE)
