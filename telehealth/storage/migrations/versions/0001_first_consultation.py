"""Everything from a booked slot to a signed note. This script stands alone: tables may change, it may not.

A table's columns are written as words: `name` is a text, `name:number` and so on are what KINDS says, and a
question mark at the end lets a column be NULL.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KINDS: dict[str, sa.types.TypeEngine] = {
    "": sa.String(),
    "number": sa.Integer(),
    "flag": sa.Boolean(),
    "instant": sa.DateTime(timezone=True),
    "date": sa.Date(),
    "time": sa.Time(),
    "blob": sa.LargeBinary(),
}
SEALED = " key_id sealed:blob"


def column(word: str) -> sa.Column:
    name, _, kind = word.rstrip("?").partition(":")
    return sa.Column(name, KINDS[kind], nullable=word.endswith("?"), autoincrement=False)


def create(table: str, columns: str, *, key: str = "id", unique: tuple[str, ...] = (), **refers: str) -> None:
    """Create a table; `key` and `unique` name columns, `refers` the table that a column points to."""
    op.create_table(
        table,
        *(column(word) for word in columns.split()),
        sa.PrimaryKeyConstraint(*key.split(), name=f"pk_{table}"),
        *(sa.ForeignKeyConstraint([a], [f"{b}.id"], name=f"fk_{table}_{a}") for a, b in refers.items()),
        *(sa.UniqueConstraint(*a.split(), name=f"uq_{table}_{a.replace(' ', '_')}") for a in unique),
    )


def index(table: str, columns: str, *, name: str = "", where: str = "") -> None:
    """Create an index on columns, optionally only where a condition holds."""
    condition = sa.text(where) if where else None
    op.create_index(
        f"ix_{table}_{name or columns.replace(' ', '_')}",
        table,
        columns.split(),
        sqlite_where=condition,
        postgresql_where=condition,
    )


def upgrade() -> None:
    directory()
    hours()
    patients()
    accounts()
    appointments()
    visits()
    notes()
    record()
    audit()
    leaving()


def downgrade() -> None:
    raise NotImplementedError("There is nothing before this; put back a backup.")


def directory() -> None:
    create("organization", "id name kind phone language")
    create("location", "id organization_id name kind zone", organization_id="organization")
    index("location", "organization_id")
    create(
        "healthcare_service",
        "id organization_id name specialty minutes:number buffer_minutes:number",
        organization_id="organization",
    )
    index("healthcare_service", "organization_id")
    create(
        "practitioner",
        "id organization_id location_id role public_key:blob?" + SEALED,
        organization_id="organization",
        location_id="location",
    )
    index("practitioner", "organization_id")
    index("practitioner", "role")


def hours() -> None:
    create(
        "weekly_hours",
        "id practitioner_id location_id service_id? weekday:number start:time end:time"
        " valid_from:date until:date?",
        practitioner_id="practitioner",
        location_id="location",
        service_id="healthcare_service",
    )
    index("weekly_hours", "practitioner_id")
    index("weekly_hours", "service_id")


def patients() -> None:
    create("patient", "id organization_id" + SEALED, organization_id="organization")
    index("patient", "organization_id")
    create(
        "patient_index",
        "patient_id organization_id field value:blob",
        key="patient_id field value",
        patient_id="patient",
        organization_id="organization",
    )
    index("patient_index", "value field organization_id")


def accounts() -> None:
    create(
        "account",
        "id practitioner_id organization_id email_index:blob totp_step:number failures:number"
        " failed_at:instant? disabled_at:instant?" + SEALED,
        unique=("practitioner_id", "email_index"),
        practitioner_id="practitioner",
        organization_id="organization",
    )
    index("account", "organization_id")
    create(
        "staff_session",
        "id account_id practitioner_id organization_id digest:blob stage created_at:instant seen_at:instant"
        " step_up_at:instant? ended_at:instant?",
        unique=("digest",),
        account_id="account",
        practitioner_id="practitioner",
        organization_id="organization",
    )
    index("staff_session", "account_id")
    index("staff_session", "ended_at")
    create(
        "one_time_link",
        "id account_id purpose digest:blob expires_at:instant requested_by approved_by used_at:instant?",
        unique=("digest",),
        account_id="account",
    )
    index("one_time_link", "account_id")


def appointments() -> None:
    create(
        "appointment",
        "id uid organization_id patient_organization_id patient_id practitioner_id service_id location_id"
        " status start:instant end:instant zone local_start tzdata sequence:number version:number"
        " held_until:instant? test:flag",
        unique=("uid",),
        organization_id="organization",
        patient_organization_id="organization",
        patient_id="patient",
        practitioner_id="practitioner",
        service_id="healthcare_service",
        location_id="location",
    )
    index("appointment", "patient_id")
    index("appointment", "practitioner_id start")
    index("appointment", "held_until", name="holds", where="held_until IS NOT NULL")
    # Intervals are half-open: an empty one would overlap nothing and slip past every rule.
    op.create_table(
        "appointment_resource",
        *(column(word) for word in ("appointment_id", "kind", "resource_id")),
        *(column(word) for word in ("busy_start:instant", "busy_end:instant", "active:flag")),
        sa.PrimaryKeyConstraint("appointment_id", "kind", "resource_id", name="pk_appointment_resource"),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name="fk_appointment_resource_appointment_id"
        ),
        sa.CheckConstraint("busy_start < busy_end", name=op.f("ck_appointment_resource_forwards")),
    )
    index("appointment_resource", "resource_id kind busy_end", name="busy", where="active")


def visits() -> None:
    create(
        "visit",
        "id appointment_id organization_id patient_id practitioner_id status since:instant version:number"
        " device connection consent_at:instant? waiting_at:instant? admitted_at:instant? ended_at:instant?"
        " signed_at:instant? relay_only:flag test:flag key_id? sealed:blob?",
        unique=("appointment_id",),
        appointment_id="appointment",
        organization_id="organization",
        patient_id="patient",
        practitioner_id="practitioner",
    )
    index("visit", "patient_id")
    index("visit", "practitioner_id patient_id")
    create(
        "visit_link",
        "id visit_id person_id generation:number digest:blob code_digest:blob code_tries:number"
        " revoked_at:instant?",
        unique=("digest", "visit_id person_id generation"),
        visit_id="visit",
    )
    index("visit_link", "code_digest")
    create(
        "visit_session",
        "id visit_id person_id digest:blob generation:number created_at:instant ended_at:instant?",
        unique=("digest",),
        visit_id="visit",
    )
    index("visit_session", "visit_id")


def notes() -> None:
    people = {"patient_id": "patient", "author_id": "practitioner", "organization_id": "organization"}
    create(
        "note",
        "id visit_id patient_id author_id organization_id state version:number updated_at:instant"
        " signed_at:instant? composition_id?" + SEALED,
        unique=("visit_id author_id",),
        visit_id="visit",
        **people,
    )
    index("note", "patient_id")
    index("note", "author_id", name="unsigned", where="state = 'draft'")
    create(
        "addendum",
        "id note_id visit_id patient_id author_id organization_id added_at:instant" + SEALED,
        note_id="note",
        visit_id="visit",
        **people,
    )
    index("addendum", "note_id")


def record() -> None:
    create(
        "resource_version",
        "type id version:number patient_id? organization_id? updated_at:instant" + SEALED,
        key="type id version",
        patient_id="patient",
        organization_id="organization",
    )
    index("resource_version", "patient_id")


def audit() -> None:
    create(
        "audit_entry",
        "id at:instant action outcome actor_kind actor_id actor_role organization_id session_id request_id"
        " patient_ids entity entity_id reason patient_id? linked:flag",
    )
    index("audit_entry", "at")
    index("audit_entry", "organization_id at")
    index("audit_entry", "patient_id at")
    index("audit_entry", "at", name="unlinked", where="NOT linked")
    create("audit_subject", "entry_id patient_id", key="patient_id entry_id", entry_id="audit_entry")
    create(
        "audit_link",
        "number:number entry_id leaf:blob head:blob",
        key="number",
        unique=("entry_id",),
        entry_id="audit_entry",
    )


def leaving() -> None:
    create(
        "outbox",
        "id channel template person_id organization_id? visit_id? account_id? due_at:instant attempts:number"
        " state claimed_until:instant?" + SEALED,
        organization_id="organization",
        visit_id="visit",
        account_id="account",
    )
    index("outbox", "visit_id")
    index("outbox", "due_at", name="open", where="state IN ('due', 'sending')")
    create("kept_answer", "client key request_hash:blob status:number at:instant" + SEALED, key="client key")
    index("kept_answer", "at")
    create("meta", "name value", key="name")
