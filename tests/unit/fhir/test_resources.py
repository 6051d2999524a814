"""What we write as FHIR R4 is valid R4, carries the right codes and nothing that could run."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class
from hypothesis import given
from hypothesis import strategies as some

from telehealth.domain.consultation import Confirmation, Consultation, VisitStatus
from telehealth.domain.errors import BadInput, FieldProblem, Refused
from telehealth.domain.note import Addendum, Note, NoteContent, NoteState, Outcome
from telehealth.domain.note_versions import Section
from telehealth.domain.people import Gender, HumanName, Identifier, Patient
from telehealth.domain.record import READABLE
from telehealth.fhir.capability import capability_statement
from telehealth.fhir.composition import composition_to_fhir, sections_from_fhir
from telehealth.fhir.encounter import STATUS, encounter_to_fhir
from telehealth.fhir.outcome import outcome
from telehealth.fhir.patient import patient_to_fhir
from telehealth.fhir.provenance import provenance_to_fhir
from telehealth.fhir.text import Resource, to_text

TYPED = some.text(some.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), min_size=1)
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
BO = Patient(
    id="01a20664-78d3-7eb0-8cb7-ce85e1da7059",
    organization_id="hospital",
    name=HumanName("Bo", "Lindqvist"),
    birth_date=date(1961, 5, 14),
    gender=Gender.MALE,
    language="en",
    phone="+493005550201",
    email="bo@patients.example",
    identifiers=(Identifier("urn:demo:national-id", "LDH-4401"),),
    zone="Europe/Berlin",
)
VISIT = Consultation(
    "v1",
    "a1",
    "hospital",
    BO.id,
    "amara",
    VisitStatus.FINISHED,
    NOW,
    admitted_at=NOW,
    ended_at=NOW + timedelta(minutes=18),
    confirmation=Confirmation(("name", "phone"), "at home", "+4930", "amara", NOW),
)
NOTE = Note(
    "n1",
    "v1",
    BO.id,
    "amara",
    "hospital",
    NoteState.SIGNED,
    NoteContent(
        history='<script>alert("1")</script> & more',
        plan="one\ntwo",
        outcome=Outcome.REFERRED,
        when="2 weeks",
    ),
    2,
    NOW,
    signed_at=NOW,
    composition_id="n1",
)
ADDENDUM = Addendum("d1", "n1", "v1", BO.id, "amara", "hospital", "Potassium 4.1", NOW + timedelta(days=1))


def valid(resource: Resource, version: int = 1) -> dict[str, Any]:
    """Parse as HL7's own structure says; returns what goes out."""
    text = to_text(resource, version=version, updated_at=NOW)
    get_fhir_model_class(str(resource["resourceType"])).model_validate_json(text)
    return dict(json.loads(text))


def test_a_patient() -> None:
    sent = valid(patient_to_fhir(BO))
    assert sent["meta"] == {"versionId": "1", "lastUpdated": "2026-11-23T09:30:00.000Z"}
    assert sent["birthDate"] == "1961-05-14"
    assert sent["identifier"] == [{"system": "urn:demo:national-id", "value": "LDH-4401"}]


@pytest.mark.parametrize("given, family", [("Sukarno", ""), ("", "林"), ("ليلى", "الحداد")])
def test_a_patient_with_half_a_name_and_no_contact(given: str, family: str) -> None:
    someone = replace(BO, name=HumanName(given, family), phone="", email="", identifiers=())
    sent = valid(patient_to_fhir(someone))
    assert "telecom" not in sent
    assert "identifier" not in sent
    assert sent["name"][0].get("family", "") == family


@pytest.mark.parametrize("status", list(VisitStatus))
def test_an_encounter_in_every_state(status: VisitStatus) -> None:
    sent = valid(encounter_to_fhir(replace(VISIT, status=status, ended_at=None)))
    assert sent["class"]["code"] == "VR"
    assert sent["status"] == STATUS[status]
    assert "end" not in sent["period"]
    assert "period" not in valid(encounter_to_fhir(replace(VISIT, admitted_at=None)))


def test_a_composition_has_its_codes_and_nothing_that_runs() -> None:
    sent = valid(composition_to_fhir(NOTE, VISIT, ()))
    assert sent["status"] == "final"
    assert "language" not in sent
    assert valid(composition_to_fhir(replace(NOTE, language="sw"), VISIT, ()))["language"] == "sw"
    assert {each["code"] for each in sent["type"]["coding"]} == {"11488-4", "75496-0"}
    history = next(each for each in sent["section"] if each["title"] == "History")
    assert "<script" not in history["text"]["div"]
    assert "&lt;script&gt;" in history["text"]["div"]
    plan = next(each for each in sent["section"] if each["title"] == "Plan")
    assert "one<br/>two" in plan["text"]["div"]
    assert [each["title"] for each in sent["section"]] == ["History", "Plan", "Outcome"]


def test_a_composition_with_an_addendum_is_amended() -> None:
    sent = valid(composition_to_fhir(NOTE, VISIT, (ADDENDUM,)), version=2)
    assert sent["status"] == "amended"
    assert sent["date"] == "2026-11-24T09:30:00.000Z"
    assert sent["section"][-1]["author"] == [{"reference": "Practitioner/amara"}]


@given(TYPED, some.sampled_from(Outcome), TYPED, some.lists(TYPED, max_size=2))
def test_the_sections_of_a_composition_are_read_as_they_were_typed(
    text: str, outcome: Outcome, when: str, added: list[str]
) -> None:
    content = NoteContent(history=text, plan=text, outcome=outcome, when=when)
    addenda = [Addendum("x", "n1", "v1", BO.id, "amara", "hospital", each, NOW) for each in added]
    found = sections_from_fhir(composition_to_fhir(replace(NOTE, content=content), VISIT, addenda))
    agreed = [Section("outcome", outcome)] if outcome else []
    assert found == [
        Section("history", text),
        Section("plan", text),
        *agreed,
        Section("when", when),
        *(Section("addendum", each) for each in added),
    ]


def test_a_provenance_carries_the_signature() -> None:
    sent = valid(
        provenance_to_fhir(
            identifier="p1",
            target="Composition/n1/_history/1",
            visit=VISIT,
            signer_id="amara",
            signed_at=NOW,
            signature=b"{}",
        )
    )
    assert sent["signature"][0]["data"] == "e30="


def test_an_outcome_names_the_element() -> None:
    sent = outcome(BadInput(FieldProblem("Patient.id", "odd", "There is nothing here.")))
    get_fhir_model_class("OperationOutcome").model_validate(sent)
    assert sent["issue"][0]["expression"] == ["Patient.id"]
    assert outcome(Refused("…"))["issue"][0]["code"] == "processing"


def test_the_capability_statement_says_what_works() -> None:
    sent = capability_statement(base_url="http://localhost:8080", published=NOW)
    get_fhir_model_class("CapabilityStatement").model_validate(sent)
    assert [each["type"] for each in sent["rest"][0]["resource"]] == [
        *READABLE,
        "Appointment",
        "Schedule",
        "Slot",
        "AuditEvent",
        "Subscription",
    ]
