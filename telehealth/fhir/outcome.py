"""FHIR R4 OperationOutcome: how a refusal looks at the FHIR door."""

from telehealth.domain.errors import BadInput, Refused
from telehealth.fhir.text import Resource

ISSUE: dict[str, str] = {
    "not-found": "not-found",
    "not-signed-in": "login",
    "not-permitted": "forbidden",
    "step-up-needed": "forbidden",
    "invalid-input": "invalid",
    "stale-version": "conflict",
    "several-match": "multiple-matches",
    "version-needed": "required",
    "too-many-requests": "throttled",
    "unavailable": "transient",
    "wrong-state": "business-rule",
    "slot-taken": "conflict",
}
"""Our code → http://hl7.org/fhir/issue-type."""


KINDS = frozenset({"structure", "required", "value", "invariant", "code-invalid"})
"""Codes of a wrong element that are issue types themselves."""


def outcome(refused: Refused, diagnostics: str = "") -> Resource:
    """Return an OperationOutcome with an issue for each element at fault, or one for the whole.

    `diagnostics` are for whoever looks for the cause, by default the code itself.
    """
    code = refused.code
    problems = refused.problems if isinstance(refused, BadInput) else ()
    whole: Resource = {"severity": "error", "code": ISSUE.get(code, "processing")}
    said = {"diagnostics": diagnostics or code}
    place = {"expression": [refused.where]} if refused.where else {}
    issues = [
        whole
        | ({"code": each.code} if each.code in KINDS else {})
        | {"details": {"text": each.detail}, **said, "expression": [each.field]}
        for each in problems
    ]
    return {
        "resourceType": "OperationOutcome",
        "issue": issues or [whole | {"details": {"text": refused.detail}, **said} | place],
    }


def incomplete(said: str) -> Resource:
    """Return the OperationOutcome that stands beside an answer of which something was left out."""
    issue = {"severity": "warning", "code": "too-costly", "details": {"text": said}}
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def failed(said: str) -> Resource:
    """Return the OperationOutcome for what was begun and came to nothing: asking again changes nothing."""
    issue = {"severity": "error", "code": "exception", "details": {"text": said}}
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def accepted(said: str) -> Resource:
    """Return the OperationOutcome for what was begun and takes its time."""
    issue = {"severity": "information", "code": "informational", "details": {"text": said}}
    return {"resourceType": "OperationOutcome", "issue": [issue]}
