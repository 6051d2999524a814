"""Entries of the audit log as FHIR R4: valid whatever they tell, naming the BALP profile that they meet."""

from dataclasses import replace

import pytest
from fhir.resources.R4B import get_fhir_model_class

from telehealth.domain.audit import AuditAction, AuditEntry, AuditOutcome
from telehealth.fhir.audit_event import PROFILE, action_code, audit_event_to_fhir
from telehealth.fhir.text import Resource
from tests.integration.storage.cast import AMARA, BO, CY, entry

SERVER = "https://clinic.example/fhir/R4"
READ = replace(entry("1", BO.id), entity="Encounter", entity_id="visit-1")


def told(one: AuditEntry, name: str = "") -> Resource:
    sent = audit_event_to_fhir(one, name, SERVER)
    get_fhir_model_class("AuditEvent").model_validate(sent)
    return sent


def of_type(sent: Resource, code: str) -> list[Resource]:
    return [each for each in sent["entity"] if each["type"]["code"] == code]


def test_a_reading_is_what_balp_calls_a_patient_read() -> None:
    sent = told(READ, AMARA.display)
    assert sent["meta"]["profile"] == [f"{PROFILE}PatientRead"]
    assert (sent["action"], sent["outcome"], sent["subtype"][0]["code"]) == ("R", "0", "read")
    client, server, user = sent["agent"]
    kinds = [each["type"]["coding"][0]["code"] for each in (client, server, user)]
    assert kinds == ["110152", "110153", "IRCP"]
    assert (user["who"]["reference"], user["name"]) == (f"Practitioner/{AMARA.id}", AMARA.display)
    assert server["network"]["address"] == SERVER
    assert [each["what"]["reference"] for each in of_type(sent, "2")] == ["Encounter/visit-1"]
    assert [each["what"]["reference"] for each in of_type(sent, "1")] == [f"Patient/{BO.id}"]
    assert of_type(sent, "XrequestId")[0]["what"]["identifier"]["value"] == READ.request_id


def test_what_is_filed_by_its_fhir_name_is_told_by_reference() -> None:
    sent = told(replace(READ, entity="Patient", entity_id=BO.id))
    assert [each["what"]["reference"] for each in of_type(sent, "2")] == [f"Patient/{BO.id}"]


@pytest.mark.parametrize(
    "one, profile",
    [
        (replace(READ, patient_ids=()), "Read"),
        (replace(READ, action=AuditAction.PATIENT_CREATED, entity="", entity_id=""), "PatientCreate"),
        (replace(READ, action=AuditAction.NOTE_SIGNED), "PatientUpdate"),
        (replace(READ, patient_ids=(BO.id, CY.id)), ""),
        (replace(READ, outcome=AuditOutcome.REFUSED), ""),
        (replace(READ, patient_ids=(), entity=""), ""),
        (replace(READ, action=AuditAction.VISIT_ADMITTED), ""),
    ],
)
def test_a_profile_is_named_only_where_all_of_it_is_met(one: AuditEntry, profile: str) -> None:
    assert told(one).get("meta", {}).get("profile", [PROFILE]) == [f"{PROFILE}{profile}"]


@pytest.mark.parametrize("action", AuditAction)
def test_every_action_is_valid_whoever_acts(action: AuditAction) -> None:
    for kind, role in (
        ("staff", "specialist"),
        ("visitor", ""),
        ("guest", ""),
        ("booker", ""),
        ("system", ""),
    ):
        one = replace(READ, action=action, actor_kind=kind, actor_role=role)
        bare = replace(
            one, actor_id="", session_id="", request_id="", entity="", entity_id="", patient_ids=()
        )
        for each in (one, bare, replace(one, entity="Choice", outcome=AuditOutcome.FAILED, reason="late")):
            assert told(each)["action"] in "CRUDE"


def test_what_is_done_is_told_from_the_actions_last_word() -> None:
    codes = {
        AuditAction.NOTE_READ: "R",
        AuditAction.STAFF_INVITED: "C",
        AuditAction.NOTE_SAVED: "U",
        AuditAction.CLOSURE_REMOVED: "D",
        AuditAction.SIGN_IN: "E",
        AuditAction.ACCESS_REFUSED: "E",
    }
    assert {each: action_code(each) for each in codes} == codes
    assert told(replace(READ, action=AuditAction.SIGN_IN))["type"]["code"] == "110114"
