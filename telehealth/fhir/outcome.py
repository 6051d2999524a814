"""FHIR R4 OperationOutcome: how a refusal looks at the FHIR door."""

from telehealth.fhir.text import Resource

ISSUE: dict[str, str] = {
    "not-found": "not-found",
    "not-signed-in": "login",
    "not-permitted": "forbidden",
    "step-up-needed": "forbidden",
    "invalid-input": "invalid",
    "stale-version": "conflict",
    "too-many-requests": "throttled",
    "unavailable": "transient",
    "wrong-state": "business-rule",
    "slot-taken": "conflict",
}
"""Our code → http://hl7.org/fhir/issue-type."""


def outcome(code: str, detail: str, expression: str = "") -> Resource:
    """Return an OperationOutcome with one issue; `expression` names the element at fault."""
    issue: Resource = {
        "severity": "error",
        "code": ISSUE.get(code, "processing"),
        "details": {"text": detail},
        "diagnostics": code,
    }
    if expression:
        issue["expression"] = [expression]
    return {"resourceType": "OperationOutcome", "issue": [issue]}
