"""AllergyIntolerance is valid R4 whatever becomes of it, and what others wrote is read for what it says."""

from datetime import UTC, datetime

import pytest
from fhir.resources.R4B import get_fhir_model_class

from telehealth.domain.allergies import Allergy, Known, Over, known, real, same
from telehealth.fhir.allergy import NO_KNOWN_ALLERGY, SNOMED, allergy_of, allergy_to_fhir, described, ended
from telehealth.fhir.text import Resource

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PENICILLIN = Allergy("a1", "Penicillin", "rash", severe=True)
NONE = Allergy("a2", none=True)


def written(allergy: Allergy) -> Resource:
    return allergy_to_fhir(allergy, patient_id="bo", encounter_id="v1", recorder_id="amara", at=NOW)


def status(code: str) -> Resource:
    return {"coding": [{"code": code}]}


@pytest.mark.parametrize(
    "resource",
    [
        written(PENICILLIN),
        written(NONE),
        described(written(PENICILLIN), Allergy("a1", "Penicillin")),
        ended(written(PENICILLIN), Over.RESOLVED),
        ended(written(NONE), Over.MISTAKEN),
    ],
    ids=["written", "none", "less known", "resolved", "mistaken"],
)
def test_it_is_valid(resource: Resource) -> None:
    get_fhir_model_class("AllergyIntolerance").model_validate(resource)


def test_what_is_written_is_read_back() -> None:
    assert allergy_of(written(PENICILLIN)) == PENICILLIN
    assert allergy_of(written(NONE)) == NONE
    assert written(NONE)["code"]["coding"][0] == {
        "system": SNOMED,
        "code": NO_KNOWN_ALLERGY,
        "display": "No known allergy",
    }


@pytest.mark.parametrize(
    "changed",
    [
        {"clinicalStatus": status("inactive")},
        {"clinicalStatus": status("resolved")},
        {"verificationStatus": status("refuted")},
        {"verificationStatus": status("entered-in-error")},
    ],
)
def test_what_holds_no_longer_is_none(changed: Resource) -> None:
    assert allergy_of(written(PENICILLIN) | changed) is None


def test_what_others_wrote_is_named_by_its_display_and_holds_without_a_status() -> None:
    foreign = {
        "resourceType": "AllergyIntolerance",
        "id": "x",
        "code": {"coding": [{"code": "91936005"}, {"code": "7980", "display": "Penicillin G"}]},
        "reaction": [
            {"manifestation": [{"text": "rash"}, {"coding": []}]},
            {"manifestation": [{"coding": [{"display": "nausea"}]}]},
        ],
    }
    assert allergy_of(foreign) == Allergy("x", "Penicillin G", "rash, nausea")


@pytest.mark.parametrize(
    "elements, substance",
    [
        ({"code": {"coding": [{"system": SNOMED, "code": "764146007"}]}}, "764146007"),
        ({"reaction": [{"substance": {"text": "Latex"}, "manifestation": [{"text": "rash"}]}]}, "Latex"),
        ({"code": {"coding": [{}, {"code": "1"}]}, "reaction": [{"substance": {"text": "nuts"}}]}, "nuts"),
    ],
)
def test_what_others_name_by_a_code_alone_or_in_a_reaction_has_a_name(
    elements: Resource, substance: str
) -> None:
    found = allergy_of({"resourceType": "AllergyIntolerance", "id": "x"} | elements)
    assert found is not None
    assert found.substance == substance


def test_no_allergy_of_a_kind_is_neither_an_allergy_nor_none_at_all() -> None:
    drugs = {"coding": [{"code": "409137002", "display": "No Known Drug Allergy (situation)"}]}
    assert allergy_of({"resourceType": "AllergyIntolerance", "id": "x", "code": drugs}) is None


def test_silence_says_neither() -> None:
    assert [known(each) for each in ([], [NONE], [NONE, PENICILLIN])] == [
        Known.UNRECORDED,
        Known.NONE,
        Known.SOME,
    ]


def test_what_is_dangerous_comes_first_and_one_substance_is_one() -> None:
    aspirin, latex = Allergy("a3", "aspirin"), Allergy("a4", "Latex")
    assert real([latex, aspirin, PENICILLIN, NONE]) == [PENICILLIN, aspirin, latex]
    assert same([latex, PENICILLIN], " PENI" + "CILLIN ") == PENICILLIN
    assert same([latex], "penicillin") is None
