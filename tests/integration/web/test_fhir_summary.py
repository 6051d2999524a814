"""GET /fhir/R4/Patient/{id}/$summary: the International Patient Summary, for who treats the patient."""

from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

from telehealth.fhir.summary import SECTIONS
from telehealth.services import summing_up
from tests.arrivals import ALL, ALLERGY, CONDITION, HL7, PLAN, PRESSURE, REQUEST, WEIGHT, changed, concept
from tests.integration.storage.cast import BO, CY, HOSPITAL, NOOR
from tests.integration.web.hospital import ADA, PIA, STRANGER, Answer, Hospital
from tests.integration.web.journeys import booked
from tests.integration.web.test_fhir_search import recorded
from tests.integration.web.test_fhir_writing import sent, treating

SUMMARY = f"/fhir/R4/Patient/{BO.id}/$summary"
BASE = "http://clinic.example/fhir/R4"
IPS = "http://hl7.org/fhir/uv/ips/StructureDefinition/"
NEEDED = {"48765-2", "10160-0", "11450-4"}
TYPES = {
    "48765-2": {"AllergyIntolerance"},
    "10160-0": {"MedicationRequest", "MedicationStatement"},
    "11450-4": {"Condition"},
    "11348-0": {"Condition"},
    "11369-6": {"Immunization"},
    "8716-3": {"Observation"},
    "29762-2": {"Observation"},
    "18776-5": {"CarePlan"},
    "30954-2": {"Observation", "DiagnosticReport"},
}
"""What the IPS lets stand in each section."""


def sections(answer: Answer) -> dict[str, dict[str, Any]]:
    composition = answer.json["entry"][0]["resource"]
    return {each["code"]["coding"][0]["code"]: each for each in composition["section"]}


def named(answer: Answer, code: str) -> list[str]:
    found = sections(answer).get(code, {}).get("entry", ())
    return [each["reference"].rpartition("/")[2] for each in found]


def keeps_the_rules(answer: Answer) -> None:
    """What R4 asks of a document and the IPS of a summary (Bundle-uv-ips, Composition-uv-ips 2.0.0)."""
    bundle = answer.json
    get_fhir_model_class("Bundle").model_validate_json(answer.text)
    assert (bundle["type"], bundle["meta"]["profile"]) == ("document", [f"{IPS}Bundle-uv-ips"])
    assert {"identifier", "timestamp"} <= bundle.keys()
    assert not {"total", "link"} & bundle.keys()
    urls = [each["fullUrl"] for each in bundle["entry"]]
    assert len(urls) == len(set(urls))
    assert all(each.keys() == {"fullUrl", "resource"} for each in bundle["entry"])
    types = [each["resource"]["resourceType"] for each in bundle["entry"]]
    assert (types[0], types.count("Composition"), types.count("Patient")) == ("Composition", 1, 1)
    composition = bundle["entry"][0]["resource"]
    assert composition["type"]["coding"][0]["code"] == "60591-5"
    assert composition["meta"]["profile"] == [f"{IPS}Composition-uv-ips"]
    own = [composition["subject"], *composition["author"], composition["custodian"]]
    listed = [each for section in composition["section"] for each in section.get("entry", ())]
    assert {each["reference"] for each in (*own, *listed)} | {urls[0]} == set(urls)
    for code, section in sections(answer).items():
        assert {"title", "code", "text"} <= section.keys()
        assert ("entry" in section) != ("emptyReason" in section)
        assert {each["reference"].split("/")[-2] for each in section.get("entry", ())} <= TYPES[code]
    assert sections(answer).keys() >= NEEDED


async def test_a_summary_of_everything(hospital: Hospital) -> None:
    active = concept(f"{HL7}/condition-clinical", "active", "Active")
    amara, made = await recorded(
        hospital, *ALL, changed(CONDITION, clinicalStatus=active, abatementDateTime=None)
    )
    found = await amara.get(SUMMARY)
    assert found.status == 200, found.text
    keeps_the_rules(found)
    ids = dict(zip([each["resourceType"] for each in ALL], made, strict=False))
    assert named(found, "48765-2") == [ids["AllergyIntolerance"]]
    assert set(named(found, "10160-0")) == {ids["MedicationRequest"], ids["MedicationStatement"]}
    assert named(found, "11450-4") == [made[-1]]
    assert named(found, "11348-0") == [ids["Condition"]]
    assert set(named(found, "8716-3")) == {made[0], made[1]}
    assert named(found, "30954-2") == [ids["DiagnosticReport"]]
    assert "72.50" in found.text
    patient = next(each for each in found.json["entry"] if each["resource"]["resourceType"] == "Patient")
    assert (patient["fullUrl"], patient["resource"]["birthDate"]) == (f"{BASE}/Patient/{BO.id}", "1961-04-17")
    house = next(each["resource"] for each in found.json["entry"] if "Organization/" in each["fullUrl"])
    assert house["name"] == HOSPITAL.name


async def test_a_summary_of_nothing_says_that_nothing_is_recorded(hospital: Hospital) -> None:
    found = await (await treating(hospital)).get(SUMMARY)
    keeps_the_rules(found)
    assert sections(found).keys() == NEEDED
    for each in sections(found).values():
        assert each["emptyReason"]["coding"][0]["code"] == "unavailable"
        assert "Nothing is recorded" in each["text"]["div"]


async def test_what_holds_no_longer_is_not_in_it(hospital: Hospital) -> None:
    gone = concept(f"{HL7}/allergyintolerance-verification", "entered-in-error", "Error")
    over = concept(f"{HL7}/allergyintolerance-clinical", "resolved", "Resolved")
    amara, _ = await recorded(
        hospital,
        changed(ALLERGY, identifier=None, verificationStatus=gone, clinicalStatus=None),
        changed(ALLERGY, identifier=None, clinicalStatus=over),
        changed(REQUEST, identifier=None, status="stopped"),
        changed(REQUEST, identifier=None, intent="proposal"),
        changed(WEIGHT, identifier=None, status="entered-in-error"),
        changed(PLAN, status="completed"),
        changed(
            CONDITION,
            verificationStatus=concept(f"{HL7}/condition-ver-status", "refuted", "Refuted"),
        ),
    )
    assert sections(await amara.get(SUMMARY)).keys() == NEEDED
    assert not any("entry" in each for each in sections(await amara.get(SUMMARY)).values())


async def test_that_no_allergy_is_known_is_said(hospital: Hospital) -> None:
    none = {"coding": [{"system": "http://snomed.info/sct", "code": "716186003"}]}
    amara, (known,) = await recorded(hospital, changed(ALLERGY, code=none, reaction=None, criticality=None))
    found = await amara.get(SUMMARY)
    assert named(found, "48765-2") == [known]
    assert "No known allergy" in sections(found)["48765-2"]["text"]["div"]


async def test_of_a_vital_sign_only_the_newest_counts(hospital: Hospital) -> None:
    later = changed(WEIGHT, identifier=None, effectiveDateTime="2026-11-22")
    social = [concept(f"{HL7}/observation-category", "social-history", "Social history")]
    smokes = changed(WEIGHT, category=social, code=concept("http://loinc.org", "72166-2", "Tobacco"))
    smokes = changed(smokes, identifier=None, valueQuantity=None, valueString="Never <b>smoked</b>")
    amara, made = await recorded(hospital, later, WEIGHT, PRESSURE, smokes)
    found = await amara.get(SUMMARY)
    keeps_the_rules(found)
    assert named(found, "8716-3") == [made[0], made[2]]
    text = sections(found)["8716-3"]["text"]["div"]
    assert "2026-11-22 – Body weight: 72.50 kg – " in text
    assert named(found, "29762-2") == [made[3]]
    assert "Never &lt;b&gt;smoked" in sections(found)["29762-2"]["text"]["div"]


async def test_what_is_left_out_is_counted(hospital: Hospital, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summing_up, "MOST_LINES", 1)
    older = changed(REQUEST, identifier=None, authoredOn="2020")
    weights = [WEIGHT, changed(WEIGHT, identifier=None, effectiveDateTime="2026-11-22")]
    amara, made = await recorded(hospital, changed(REQUEST, identifier=None), older, older, ALLERGY, *weights)
    found = await amara.get(SUMMARY)
    assert named(found, "10160-0") == [made[0]]
    assert "2 more are in the record alone" in sections(found)["10160-0"]["text"]["div"]
    monkeypatch.setattr(summing_up, "PAGE_BYTES", 1)
    heavy = sections(await amara.get(SUMMARY))
    for code in ("48765-2", "8716-3"):
        assert ("entry" in heavy[code], heavy[code]["emptyReason"]["text"][:6]) == (False, "1 more")


@pytest.mark.parametrize(
    "query, status",
    [
        ("", 200),
        (f"?profile={IPS}Composition-uv-ips", 200),
        (f"?profile={IPS}Composition-uv-ips|2.0.0", 200),
        ("?profile=https://other.example/summary", 422),
        ("?identifier=LDH-4401", 422),
        ("?_count=1", 422),
    ],
)
async def test_what_may_be_asked(hospital: Hospital, query: str, status: int) -> None:
    assert (await (await treating(hospital)).get(SUMMARY + query)).status == status


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    amara, _ = await recorded(hospital, WEIGHT)
    for each in (STRANGER, NOOR, ADA, PIA):
        person = await hospital.staff(each)
        for whose in (BO.id, "none"):
            assert (await person.get(f"/fhir/R4/Patient/{whose}/$summary")).status == 404
    assert (await amara.get(f"/fhir/R4/Patient/{CY.id}/$summary")).status == 404
    assert "record:summary:read" not in hospital.actions()


async def test_nobody_elses_record_is_in_it(hospital: Hospital) -> None:
    await booked(hospital, 3, NOOR, CY)
    amara = await treating(hospital)
    hers = await sent(amara, changed(ALLERGY, patient={"reference": f"Patient/{CY.id}"}))
    assert hers.status == 201
    assert hers.json["id"] not in (await amara.get(SUMMARY)).text


async def test_a_summary_stands_in_the_log(hospital: Hospital) -> None:
    await (await treating(hospital)).get(SUMMARY)
    entry: Any = list(hospital.units.tables.entries.values())[-1]
    assert (entry.action, entry.entity, entry.entity_id) == ("record:summary:read", "Patient", BO.id)
    assert entry.patient_ids == (BO.id,)


async def test_nobody_takes_more_than_a_minutes_worth(hospital: Hospital) -> None:
    amara = await treating(hospital)
    assert [(await amara.get(SUMMARY)).status for _ in range(31)] == [200] * 30 + [429]


def test_the_sections_carry_their_codes() -> None:
    assert {each.code for each in SECTIONS} == TYPES.keys()
    assert {each.code for each in SECTIONS if each.needed} == NEEDED
