"""A visit whose note was taken out of the record takes a new one: an author's notes of a visit are counted.

The release before goes on: what it inserts is the first note, and it never has a second one to find.
SQLite drops no constraint, so there both tables are written anew; the one that refers goes away first.
"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

OLD, NEW = ["visit_id", "author_id"], ["visit_id", "author_id", "number"]
UNIQUE = "uq_note_visit_id_author_id"
LOCKED = "id, visit_id, patient_id, author_id, organization_id, state, version, updated_at, signed_at, number"
PEOPLE = {"visit_id": "visit", "patient_id": "patient"}
AUTHORS = {"author_id": "practitioner", "organization_id": "organization"}
NOTE = "id, visit_id, patient_id, author_id, organization_id, state, version, updated_at, signed_at,"
NOTE += " composition_id, language, key_id, sealed"
ADDENDUM = "id, note_id, visit_id, patient_id, author_id, organization_id, added_at, key_id, sealed"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.add_column("note", counted())
        op.create_unique_constraint(f"{UNIQUE}_number", "note", NEW)
        op.drop_constraint(UNIQUE, "note")
        op.execute("DROP TRIGGER note_rule_7 ON note")
        op.execute("DROP TRIGGER note_rule_8 ON note")
        lock("EXECUTE FUNCTION refuse('note-locked')")
        return
    notes()
    addenda()
    op.execute(f"INSERT INTO note_new ({NOTE}) SELECT {NOTE} FROM note")  # noqa: S608 (columns from above)
    op.execute(f"INSERT INTO addendum_new ({ADDENDUM}) SELECT {ADDENDUM} FROM addendum")  # noqa: S608
    for table in ("addendum", "note"):
        op.drop_table(table)
    for table in ("note", "addendum"):
        op.rename_table(f"{table}_new", table)
    op.create_index("ix_note_patient_id", "note", ["patient_id"])
    op.create_index("ix_note_unsigned", "note", ["author_id"], sqlite_where=sa.text("state = 'draft'"))
    op.create_index("ix_addendum_note_id", "addendum", ["note_id"])
    lock("BEGIN SELECT RAISE(ABORT, 'note-locked'); END")


def downgrade() -> None:
    raise NotImplementedError("A visit may have two notes now; put back a backup.")


def counted() -> sa.Column:
    return sa.Column("number", sa.Integer(), nullable=False, server_default="1")


def notes() -> None:
    foreign = PEOPLE | AUTHORS
    op.create_table(
        "note_new",
        sa.Column("id", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in (*foreign, "state")),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True)),
        *(sa.Column(name, sa.String()) for name in ("composition_id", "language")),
        counted(),
        *sealed(),
        sa.PrimaryKeyConstraint("id", name="pk_note"),
        sa.UniqueConstraint(*NEW, name=f"{UNIQUE}_number"),
        *references("note", foreign),
    )


def addenda() -> None:
    foreign = {"note_id": "note_new"} | PEOPLE | AUTHORS
    op.create_table(
        "addendum_new",
        sa.Column("id", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in foreign),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        *sealed(),
        sa.PrimaryKeyConstraint("id", name="pk_addendum"),
        *references("addendum", foreign),
    )


def sealed() -> tuple[sa.Column, sa.Column]:
    return sa.Column("key_id", sa.String(), nullable=False), sa.Column(
        "sealed", sa.LargeBinary(), nullable=False
    )


def references(table: str, foreign: dict[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}")
        for column, target in foreign.items()
    ]


def lock(refuse: str) -> None:
    """What is signed stays as it is; `key_id` and `sealed` stay open to a rotation of data keys."""
    for number, what in ((7, f"UPDATE OF {LOCKED}"), (8, "DELETE")):
        head = f"CREATE TRIGGER note_rule_{number} BEFORE {what} ON note FOR EACH ROW"
        op.execute(f"{head} WHEN (OLD.state = 'signed') {refuse}")
