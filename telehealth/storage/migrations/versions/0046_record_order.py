"""An index by which a patient's resources of one type are read in their order, and none of other types."""

from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

NEW = "ix_resource_version_patient_id_type_updated_at_id"
OLD = "ix_resource_version_patient_id"


def upgrade() -> None:
    op.create_index(op.f(NEW), "resource_version", ["patient_id", "type", "updated_at", "id"])
    op.drop_index(op.f(OLD), "resource_version")


def downgrade() -> None:
    op.create_index(op.f(OLD), "resource_version", ["patient_id"])
    op.drop_index(op.f(NEW), "resource_version")
