"""What for somebody acted: their role says it, but for what was done in an emergency."""

from dataclasses import replace

import pytest

from telehealth.domain.audit import AuditAction
from telehealth.domain.audit_kinds import Purpose, purpose_of
from tests.integration.storage.cast import entry


@pytest.mark.parametrize(
    "action, reason, purpose",
    [
        (AuditAction.PATIENT_SEARCHED, "emergency", Purpose.EMERGENCY),
        (AuditAction.RECORD_READ, "emergency g1, Condition", Purpose.EMERGENCY),
        (AuditAction.GLASS_BROKEN, "emergency g1", Purpose.EMERGENCY),
        (AuditAction.PATIENT_SEARCHED, "", Purpose.TREATMENT),
        (AuditAction.CLINIC_LATE, "emergency", Purpose.TREATMENT),
    ],
)
def test_an_emergency_is_what_opens_records_not_what_makes_a_clinic_late(
    action: AuditAction, reason: str, purpose: Purpose
) -> None:
    assert purpose_of(replace(entry(), action=action, reason=reason)) is purpose
