"""Everything from a booked slot to a signed note. This script stands alone: tables may change, it may not."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def text(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(), nullable=null)


def number(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False, autoincrement=False)


def flag(name: str) -> sa.Column:
    return sa.Column(name, sa.Boolean(), nullable=False)


def instant(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def blob(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.LargeBinary(), nullable=null)


def sealed(*, null: bool = False) -> tuple[sa.Column, sa.Column]:
    return text("key_id", null=null), blob("sealed", null=null)


def create(
    table: str, *columns: sa.Column, key: str = "id", unique: tuple[str, ...] = (), **refers: str
) -> None:
    """Create a table; `key` and `unique` name columns, `refers` the table that a column points to."""
    op.create_table(
        table,
        *columns,
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
    patients()
    accounts()
    appointments()
    visits()
    notes()
    audit()
    leaving()


def downgrade() -> None:
    raise NotImplementedError("There is nothing before this; put back a backup.")


def directory() -> None:
    create("organization", text("id"), text("name"), text("kind"), text("phone"), text("language"))
    create(
        "location",
        *(text("id"), text("organization_id"), text("name"), text("kind"), text("zone")),
        organization_id="organization",
    )
    index("location", "organization_id")
    create(
        "healthcare_service",
        *(text("id"), text("organization_id"), text("name"), text("specialty")),
        *(number("minutes"), number("buffer_minutes")),
        organization_id="organization",
    )
    index("healthcare_service", "organization_id")
    create(
        "practitioner",
        *(text("id"), text("organization_id"), text("location_id"), text("role")),
        *(blob("public_key", null=True), *sealed()),
        organization_id="organization",
        location_id="location",
    )
    index("practitioner", "organization_id")
    index("practitioner", "role")
    create(
        "weekly_hours",
        *(text("id"), text("practitioner_id"), text("location_id"), text("service_id", null=True)),
        *(number("weekday"), sa.Column("start", sa.Time(), nullable=False)),
        *(sa.Column("end", sa.Time(), nullable=False), sa.Column("valid_from", sa.Date(), nullable=False)),
        sa.Column("until", sa.Date()),
        practitioner_id="practitioner",
        location_id="location",
        service_id="healthcare_service",
    )
    index("weekly_hours", "practitioner_id")
    index("weekly_hours", "service_id")


def patients() -> None:
    create("patient", text("id"), text("organization_id"), *sealed(), organization_id="organization")
    index("patient", "organization_id")
    create(
        "patient_index",
        *(text("patient_id"), text("organization_id"), text("field"), blob("value")),
        key="patient_id field value",
        patient_id="patient",
        organization_id="organization",
    )
    index("patient_index", "value field organization_id")


def accounts() -> None:
    create(
        "account",
        *(text("id"), text("practitioner_id"), text("organization_id"), blob("email_index")),
        *(number("totp_step"), number("failures"), instant("failed_at", null=True)),
        *(instant("disabled_at", null=True), *sealed()),
        unique=("practitioner_id", "email_index"),
        practitioner_id="practitioner",
        organization_id="organization",
    )
    index("account", "organization_id")
    create(
        "staff_session",
        *(text("id"), text("account_id"), text("practitioner_id"), text("organization_id"), blob("digest")),
        *(text("stage"), instant("created_at"), instant("seen_at")),
        *(instant("step_up_at", null=True), instant("ended_at", null=True)),
        unique=("digest",),
        account_id="account",
        practitioner_id="practitioner",
        organization_id="organization",
    )
    index("staff_session", "account_id")
    index("staff_session", "ended_at")
    create(
        "one_time_link",
        *(text("id"), text("account_id"), text("purpose"), blob("digest"), instant("expires_at")),
        *(text("requested_by"), text("approved_by"), instant("used_at", null=True)),
        unique=("digest",),
        account_id="account",
    )
    index("one_time_link", "account_id")


def appointments() -> None:
    create(
        "appointment",
        *(text("id"), text("uid"), text("organization_id"), text("patient_organization_id")),
        *(text("patient_id"), text("practitioner_id"), text("service_id"), text("location_id")),
        *(
            text("status"),
            instant("start"),
            instant("end"),
            text("zone"),
            text("local_start"),
            text("tzdata"),
        ),
        *(number("sequence"), number("version"), instant("held_until", null=True), flag("test")),
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
    # Intervals are half-open: an empty one would overlap nothing and slip past every rule below.
    op.create_table(
        "appointment_resource",
        *(text("appointment_id"), text("kind"), text("resource_id")),
        *(instant("busy_start"), instant("busy_end"), flag("active")),
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
        *(text("id"), text("appointment_id"), text("organization_id"), text("patient_id")),
        *(text("practitioner_id"), text("status"), instant("since"), number("version")),
        *(text("device"), text("connection"), instant("consent_at", null=True)),
        *(instant("waiting_at", null=True), instant("admitted_at", null=True)),
        *(instant("ended_at", null=True), instant("signed_at", null=True)),
        *(flag("relay_only"), flag("test"), *sealed(null=True)),
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
        *(text("id"), text("visit_id"), text("person_id"), number("generation"), blob("digest")),
        *(blob("code_digest"), number("code_tries"), instant("revoked_at", null=True)),
        unique=("digest", "visit_id person_id generation"),
        visit_id="visit",
    )
    index("visit_link", "code_digest")
    create(
        "visit_session",
        *(text("id"), text("visit_id"), text("person_id"), blob("digest"), number("generation")),
        *(instant("created_at"), instant("ended_at", null=True)),
        unique=("digest",),
        visit_id="visit",
    )
    index("visit_session", "visit_id")


def notes() -> None:
    people = {"patient_id": "patient", "author_id": "practitioner", "organization_id": "organization"}
    create(
        "note",
        *(text("id"), text("visit_id"), text("patient_id"), text("author_id"), text("organization_id")),
        *(text("state"), number("version"), instant("updated_at"), instant("signed_at", null=True)),
        *(text("composition_id", null=True), *sealed()),
        unique=("visit_id author_id",),
        visit_id="visit",
        **people,
    )
    index("note", "patient_id")
    index("note", "author_id", name="unsigned", where="state = 'draft'")
    create(
        "addendum",
        *(text("id"), text("note_id"), text("visit_id"), text("patient_id"), text("author_id")),
        *(text("organization_id"), instant("added_at"), *sealed()),
        note_id="note",
        visit_id="visit",
        **people,
    )
    index("addendum", "note_id")
    create(
        "resource_version",
        *(text("type"), text("id"), number("version"), text("patient_id", null=True)),
        *(text("organization_id", null=True), instant("updated_at"), *sealed()),
        key="type id version",
        patient_id="patient",
        organization_id="organization",
    )
    index("resource_version", "patient_id")


def audit() -> None:
    create(
        "audit_entry",
        *(text("id"), instant("at"), text("action"), text("outcome"), text("actor_kind"), text("actor_id")),
        *(text("actor_role"), text("organization_id"), text("session_id"), text("request_id")),
        *(text("patient_ids"), text("entity"), text("entity_id"), text("reason")),
        *(text("patient_id", null=True), flag("linked")),
    )
    index("audit_entry", "at")
    index("audit_entry", "organization_id at")
    index("audit_entry", "patient_id at")
    index("audit_entry", "at", name="unlinked", where="NOT linked")
    create(
        "audit_subject",
        *(text("entry_id"), text("patient_id")),
        key="patient_id entry_id",
        entry_id="audit_entry",
    )
    create(
        "audit_link",
        *(number("number"), text("entry_id"), blob("leaf"), blob("head")),
        key="number",
        unique=("entry_id",),
        entry_id="audit_entry",
    )


def leaving() -> None:
    create(
        "outbox",
        *(text("id"), text("channel"), text("template"), text("person_id")),
        *(text("organization_id", null=True), text("visit_id", null=True), text("account_id", null=True)),
        *(instant("due_at"), number("attempts"), text("state"), instant("claimed_until", null=True)),
        *sealed(),
        organization_id="organization",
        visit_id="visit",
        account_id="account",
    )
    index("outbox", "visit_id")
    index("outbox", "due_at", name="open", where="state IN ('due', 'sending')")
    create(
        "kept_answer",
        *(text("client"), text("key"), blob("request_hash"), number("status"), instant("at"), *sealed()),
        key="client key",
    )
    index("kept_answer", "at")
    create("meta", text("name"), text("value"), key="name")
