"""Programs that work by themselves, what they are given for minutes, and which assertions they have used."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "program",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("id", "organization_id", "name")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("scopes", "keys")),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_program_organization_id")
        ),
    )
    op.create_table(
        "program_token",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("program_id", "scopes")),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_program_token")),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_program_token_program_id")),
    )
    op.create_table(
        "program_assertion",
        sa.Column("program_id", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("program_id", "digest", name=op.f("pk_program_assertion")),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_program_assertion_program_id")),
    )
    for table in ("program_token", "program_assertion"):
        op.create_index(op.f(f"ix_{table}_expires_at"), table, ["expires_at"])


def downgrade() -> None:
    for table in ("program_assertion", "program_token", "program"):
        op.drop_table(table)
