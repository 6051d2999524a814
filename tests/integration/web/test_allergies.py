"""What a patient is allergic to: written from the visit, read beside it and in the shared record."""

import pytest

from telehealth.domain.allergies import MOST_ALLERGIES, SHOWN
from telehealth.domain.audit import AuditAction
from tests.arrivals import ALLERGY as ARRIVED
from tests.integration.storage.cast import BO, CY
from tests.integration.web.hospital import ADA, STRANGER, Hospital, Person
from tests.integration.web.journeys import in_call, waiting

PENICILLIN = {"substance": "Penicillin", "reaction": "rash", "severe": True}
LATEX = {"substance": "Latex"}


async def said(person: Person, visit: str) -> tuple[str, list[str]]:
    answer = (await person.get(f"/api/v1/visits/{visit}/allergies")).json
    return answer["known"], [each["substance"] for each in answer["allergies"]]


async def test_nothing_written_is_not_none_known(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    assert await said(amara, visit) == ("unrecorded", [])
    answer = await amara.post(f"/api/v1/visits/{visit}/allergies/none-known")
    assert (answer.status, answer.json["known"]) == (200, "none")
    assert (await amara.get(f"/api/v1/visits/{visit}")).json["allergies"] == {
        "known": "none",
        "allergies": [],
    }


async def test_what_is_dangerous_stands_first_and_takes_the_place_of_none(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    path = f"/api/v1/visits/{visit}/allergies"
    await amara.post(f"{path}/none-known")
    await amara.post(path, LATEX)
    answer = await amara.post(path, PENICILLIN)
    assert answer.json["known"] == "some"
    first, second = answer.json["allergies"]
    assert {key: first[key] for key in PENICILLIN} == PENICILLIN
    assert (second["substance"], second["reaction"], second["severe"]) == ("Latex", "", False)


async def test_said_twice_it_stands_once(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    path = f"/api/v1/visits/{visit}/allergies"
    once = await amara.post(path, PENICILLIN)
    again = await amara.post(path, PENICILLIN | {"substance": " penicillin "})
    assert again.json == once.json
    (known,) = (await amara.post(path, PENICILLIN | {"reaction": "swollen lips"})).json["allergies"]
    assert (known["id"], known["reaction"]) == (once.json["allergies"][0]["id"], "swollen lips")


@pytest.mark.parametrize(
    "why, clinical, sure", [("resolved", "resolved", "confirmed"), ("mistaken", "", "entered-in-error")]
)
async def test_what_holds_no_longer_stays_in_the_record(
    hospital: Hospital, why: str, clinical: str, sure: str
) -> None:
    visit, amara, _ = await in_call(hospital)
    path = f"/api/v1/visits/{visit}/allergies"
    (known,) = (await amara.post(path, PENICILLIN)).json["allergies"]
    for _ in "twice":
        ended = await amara.post(f"{path}/{known['id']}/end", {"why": why})
        assert (ended.status, ended.json) == (200, {"known": "unrecorded", "allergies": []})
    read = await amara.get(f"/fhir/R4/AllergyIntolerance/{known['id']}")
    assert read.headers["ETag"] == 'W/"2"'
    statuses = [
        read.json.get(field, {"coding": [{"code": ""}]}) for field in ("clinicalStatus", "verificationStatus")
    ]
    assert [each["coding"][0]["code"] for each in statuses] == [clinical, sure]
    then = await amara.get(f"/fhir/R4/AllergyIntolerance/{known['id']}/_history/1")
    assert then.json["clinicalStatus"]["coding"][0]["code"] == "active"


async def test_none_known_is_refused_while_one_stands(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    await amara.post(f"/api/v1/visits/{visit}/allergies", LATEX)
    refused = await amara.post(f"/api/v1/visits/{visit}/allergies/none-known")
    assert (refused.status, refused.json["code"]) == (409, "wrong-state")
    assert await said(amara, visit) == ("some", ["Latex"])


async def test_nothing_is_written_before_it_is_known_who_it_is(hospital: Hospital) -> None:
    visit, amara, _ = await waiting(hospital)
    for path, body in (("", LATEX), ("/none-known", {}), ("/none/end", {"why": "resolved"})):
        refused = await amara.post(f"/api/v1/visits/{visit}/allergies{path}", body)
        assert (refused.status, refused.json["code"]) == (409, "wrong-state")
    assert await said(amara, visit) == ("unrecorded", [])


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"substance": "  "},
        {"substance": "x" * 121},
        LATEX | {"reaction": "x" * 201},
        LATEX | {"severe": "very"},
    ],
    ids=lambda body: ",".join(body) + str(len(str(body))),
)
async def test_what_says_nothing_or_too_much_is_refused(hospital: Hospital, body: dict[str, str]) -> None:
    visit, amara, _ = await in_call(hospital)
    refused = await amara.post(f"/api/v1/visits/{visit}/allergies", body)
    assert (refused.status, refused.json["code"]) == (422, "invalid-input")
    assert await said(amara, visit) == ("unrecorded", [])


async def test_a_list_that_nobody_could_read_is_refused(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    path = f"/api/v1/visits/{visit}/allergies"
    for number in range(MOST_ALLERGIES):
        await amara.post(path, {"substance": f"Pollen {number}"})
    assert (await amara.post(path, LATEX)).json["code"] == "wrong-state"
    assert (await amara.post(path, {"substance": "Pollen 7", "reaction": "sneezing"})).status == 200


async def test_the_record_finds_them_for_who_treats_the_patient(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    await amara.post(f"/api/v1/visits/{visit}/allergies", PENICILLIN)
    found = await amara.get(f"/fhir/R4/AllergyIntolerance?patient=Patient/{BO.id}")
    (entry,) = found.json["entry"]
    assert (found.json["total"], entry["resource"]["code"]["text"]) == (1, "Penicillin")
    assert (await amara.get("/fhir/R4/AllergyIntolerance")).status == 422
    assert (await amara.get(f"/fhir/R4/AllergyIntolerance?patient={BO.id}&criticality=high")).status == 422


async def test_a_stranger_finds_nothing(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    (known,) = (await amara.post(f"/api/v1/visits/{visit}/allergies", PENICILLIN)).json["allergies"]
    for asking in (STRANGER, ADA):
        person = await hospital.staff(asking)
        for path in (f"AllergyIntolerance/{known['id']}", f"AllergyIntolerance?patient={BO.id}"):
            assert (await person.get(f"/fhir/R4/{path}")).status == 404
    assert (await amara.get(f"/fhir/R4/AllergyIntolerance?patient={CY.id}")).status == 404


async def test_every_word_is_entered(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    before = len(hospital.units.tables.entries)
    (known,) = (await amara.post(f"/api/v1/visits/{visit}/allergies", PENICILLIN)).json["allergies"]
    await said(amara, visit)
    entries = [
        each
        for each in list(hospital.units.tables.entries.values())[before:]
        if each.entity == "AllergyIntolerance"
    ]
    assert [(each.action, each.entity_id, each.patient_ids) for each in entries] == [
        (AuditAction.RECORD_WRITTEN, known["id"], (BO.id,)),
        (AuditAction.RECORD_READ, BO.id, (BO.id,)),
    ]


async def test_what_others_of_the_cluster_have_sent_is_in_view(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    made = await amara.post("/fhir/R4/AllergyIntolerance", ARRIVED)
    (known,) = (await amara.get(f"/api/v1/visits/{visit}/allergies")).json["allergies"]
    expected = {"id": made.json["id"], "substance": "Penicillin", "reaction": "Anaphylaxis", "severe": True}
    assert known == expected


async def test_of_what_goes_on_and_on_the_beginning_is_shown_and_all_is_kept(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    long, fits = "Penicillin " * 9000, "y" * SHOWN
    code, reaction = {"text": long}, [{"manifestation": [{"text": fits}]}]
    made = await amara.post("/fhir/R4/AllergyIntolerance", ARRIVED | {"code": code, "reaction": reaction})
    (known,) = (await amara.get(f"/api/v1/visits/{visit}")).json["allergies"]["allergies"]
    assert len(known["substance"]) <= SHOWN
    assert long.startswith(known["substance"].removesuffix("…"))
    assert (known["substance"][-1], known["reaction"]) == ("…", fits)
    read = await amara.get(f"/fhir/R4/AllergyIntolerance/{made.json['id']}")
    assert read.json["code"] == code
