"""What makes double booking impossible and keeps what is entered, signed or recorded as it is."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        postgresql_rules()
    else:
        sqlite_rules()
    unchangeable()


def downgrade() -> None:
    raise NotImplementedError("These rules are not given up; put back a backup.")


def postgresql_rules() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.execute(
        "ALTER TABLE appointment_resource ADD CONSTRAINT appointment_resource_once EXCLUDE USING gist"
        " (resource_id WITH =, kind WITH =, tstzrange(busy_start, busy_end, '[)') WITH &&) WHERE (active)"
    )
    op.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END $$"
    )


OVERLAP = """
    CREATE TRIGGER appointment_resource_{name} BEFORE {when} ON appointment_resource WHEN NEW.active BEGIN
        SELECT RAISE(ABORT, 'slot-taken') WHERE EXISTS (
            SELECT 1 FROM appointment_resource AS other
            WHERE other.active AND other.resource_id = NEW.resource_id AND other.kind = NEW.kind
              AND other.busy_end > NEW.busy_start AND other.busy_start < NEW.busy_end
              AND other.appointment_id <> NEW.appointment_id
        );
    END
"""


def sqlite_rules() -> None:
    op.execute(OVERLAP.format(name="insert", when="INSERT"))
    op.execute(
        OVERLAP.format(name="update", when="UPDATE OF active, busy_start, busy_end, resource_id, kind")
    )


ENTRY = (
    "id, at, action, outcome, actor_kind, actor_id, actor_role, organization_id, session_id, request_id,"
    " patient_ids, entity, entity_id, reason, patient_id"
)
NOTE = "id, visit_id, patient_id, author_id, organization_id, state, version, updated_at, signed_at"
RULES = (
    ("audit_entry", "UPDATE OF " + ENTRY, "", "audit-unchangeable"),
    ("audit_entry", "UPDATE OF linked", "OLD.linked AND NOT NEW.linked", "audit-unchangeable"),
    ("audit_entry", "DELETE", "", "audit-unchangeable"),
    ("audit_subject", "UPDATE", "", "audit-unchangeable"),
    ("audit_subject", "DELETE", "", "audit-unchangeable"),
    ("audit_link", "UPDATE", "", "audit-unchangeable"),
    ("audit_link", "DELETE", "", "audit-unchangeable"),
    # `key_id` and `sealed` stay open to a later rotation of data keys.
    (
        "note",
        "UPDATE OF " + NOTE,
        "OLD.state = 'signed'",
        "note-locked",
    ),
    ("note", "DELETE", "OLD.state = 'signed'", "note-locked"),
    ("resource_version", "UPDATE OF type, id, version, patient_id, updated_at", "", "version-unchangeable"),
)


def unchangeable() -> None:
    """What is entered, signed or recorded stays as it is: the database refuses, whoever asks."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for count, (table, what, condition, word) in enumerate(RULES):
        head = f"CREATE TRIGGER {table}_rule_{count} BEFORE {what} ON {table} FOR EACH ROW"
        head += f" WHEN ({condition})" if condition else ""
        if postgresql:
            op.execute(f"{head} EXECUTE FUNCTION refuse('{word}')")
        else:
            op.execute(f"{head} BEGIN SELECT RAISE(ABORT, '{word}'); END")
