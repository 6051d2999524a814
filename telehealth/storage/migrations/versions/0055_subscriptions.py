"""What programs want to be told of, and what each has yet to be told."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0051"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
ACTIVE = sa.text("state = 'active'")
FOREIGN = {"program_id": "program", "organization_id": "organization", "patient_id": "patient"}


def upgrade() -> None:
    _subscriptions()
    _events()


def _subscriptions() -> None:
    op.create_table(
        "subscription",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("id", "program_id", "organization_id")),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("patient_id", sa.String()),
        *(sa.Column(name, INSTANT, nullable=False) for name in ("made_at", "changed_at", "due_at")),
        *(sa.Column(name, INSTANT) for name in ("ends_at", "claimed_until")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("state", "error")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("attempts", "told", "version")),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_subscription_{column}"))
            for column, target in FOREIGN.items()
        ),
    )
    op.create_index(op.f("ix_subscription_program_id"), "subscription", ["program_id"])
    op.create_index(
        "ix_subscription_active",
        "subscription",
        ["organization_id", "type"],
        sqlite_where=ACTIVE,
        postgresql_where=ACTIVE,
    )


def _events() -> None:
    op.create_table(
        "subscription_event",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("subscription_id", "resource_id")),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint(
            "subscription_id", "resource_id", "version", name=op.f("pk_subscription_event")
        ),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscription.id"], name=op.f("fk_subscription_event_subscription_id")
        ),
    )
    op.create_index(
        "ix_subscription_event_order",
        "subscription_event",
        ["subscription_id", "at", "resource_id", "version"],
    )


def downgrade() -> None:
    for table in ("subscription_event", "subscription"):
        op.drop_table(table)
