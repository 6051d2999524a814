"""POST /fhir/R4: a transaction is kept whole or not at all, a batch by entries; each fault has its place."""

import json
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest

from telehealth.domain.consent import Consent
from telehealth.domain.people import Identifier
from tests.arrivals import CONDITION, LAB, PATIENT, PRESSURE, REPORT, WEIGHT, changed, to_the_letter
from tests.integration.storage.cast import AMARA, BO, HOSPITAL
from tests.integration.web.hospital import ADA, COORDINATOR, STRANGER, Answer, Hospital, Person
from tests.integration.web.programs import let_in
from tests.integration.web.test_fhir_writing import FHIR, problems, sent, treating
from web.fhir import bundles

ONE, TWO = "urn:uuid:0e0f9e9e-0000-4000-8000-000000000001", "urn:uuid:0e0f9e9e-0000-4000-8000-000000000002"
LINKED = changed(REPORT, result=[{"reference": ONE, "display": ONE}])


def posting(resource: dict[str, Any] | None, url: str = "", full: str = "", **request: str) -> dict[str, Any]:
    asked = {"method": "POST", "url": url or str((resource or {}).get("resourceType"))} | request
    found: dict[str, Any] = {"request": asked}
    found |= {"resource": resource} if resource else {}
    return found | ({"fullUrl": full} if full else {})


def bundle(*entries: dict[str, Any], kind: str = "transaction") -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": kind, "entry": list(entries)}


async def posted(person: Person, sent_: dict[str, Any], **headers: str) -> Answer:
    data = BytesIO(to_the_letter(sent_).encode())
    return await person.send("POST", "/fhir/R4", data=data, headers=FHIR | headers)


async def observations(amara: Person) -> int:
    return int((await amara.get(f"/fhir/R4/Observation?patient={BO.id}")).json["total"])


async def test_a_transaction_links_what_it_writes(hospital: Hospital) -> None:
    amara = await treating(hospital)
    answer = await posted(amara, bundle(posting(LINKED, full=TWO), posting(WEIGHT, full=ONE)))
    assert (answer.status, answer.json["type"]) == (200, "transaction-response"), answer.text
    report, weight = (each["resource"] for each in answer.json["entry"])
    assert report["result"][0]["reference"] == f"Observation/{weight['id']}"
    assert report["result"][0]["display"] == ONE, "what is no reference stays to the letter"
    read = await amara.get(f"/fhir/R4/Observation/{weight['id']}")
    assert "72.50" in read.text
    assert read.text in answer.text
    for entry in answer.json["entry"]:
        assert entry["response"]["status"] == "201 Created"
        assert entry["response"]["location"].endswith(f"/{entry['resource']['id']}/_history/1")
    assert hospital.actions()[-3:-1] == ["record:create", "record:create"]


async def test_half_a_transaction_is_never_kept(hospital: Hospital) -> None:
    amara = await treating(hospital)
    bad = changed(PRESSURE, status="gone")
    refused = await posted(amara, bundle(posting(WEIGHT), posting(bad)))
    assert (refused.status, problems(refused)) == (422, [("Bundle.entry[1].resource.status", "code-invalid")])
    stale = {"method": "PUT", "url": "Observation/nothing", "ifMatch": 'W/"1"'}
    lost = await posted(amara, bundle(posting(WEIGHT), posting(changed(WEIGHT, id="nothing"), **stale)))
    assert (lost.status, lost.json["issue"][0]["expression"]) == (404, ["Bundle.entry[1]"])
    assert await observations(amara) == 0


async def test_a_race_lost_within_it_loses_all_of_it(hospital: Hospital) -> None:
    amara = await treating(hospital)
    id_ = (await sent(amara, WEIGHT)).json["id"]
    late = posting(changed(WEIGHT, id=id_), method="PUT", url=f"Observation/{id_}", ifMatch='W/"7"')
    refused = await posted(amara, bundle(posting(PRESSURE), late))
    assert (refused.status, refused.json["issue"][0]["expression"]) == (412, ["Bundle.entry[1]"])
    assert await observations(amara) == 1
    late["request"]["ifMatch"] = 'W/"1"'
    done = await posted(amara, bundle(posting(PRESSURE), late), Prefer="return=minimal")
    assert [each["response"]["status"] for each in done.json["entry"]] == ["201 Created", "200 OK"]
    assert all("resource" not in each for each in done.json["entry"])


async def test_what_is_known_already_is_linked_and_not_made_again(hospital: Hospital) -> None:
    amara = await treating(hospital)
    id_ = (await sent(amara, WEIGHT)).json["id"]
    once = posting(WEIGHT, full=ONE, ifNoneExist=f"identifier={LAB}|w-1")
    answer = await posted(amara, bundle(posting(LINKED), once))
    assert [each["response"]["status"] for each in answer.json["entry"]] == ["201 Created", "200 OK"]
    assert answer.json["entry"][0]["resource"]["result"][0]["reference"] == f"Observation/{id_}"
    assert await observations(amara) == 1


async def test_an_identifier_stands_for_a_resource(hospital: Hospital) -> None:
    amara = await treating(hospital)
    number = next(iter(BO.identifiers))
    id_ = (await sent(amara, WEIGHT)).json["id"]
    named = changed(
        REPORT,
        subject={"reference": f"Patient?identifier={number.system}|{number.value}"},
        result=[{"reference": f"Observation?identifier={LAB}|w-1"}],
    )
    answer = await posted(amara, bundle(posting(named)))
    assert answer.status == 200, answer.text
    made = answer.json["entry"][0]["resource"]
    assert made["subject"] == PATIENT
    assert made["result"][0]["reference"] == f"Observation/{id_}"


async def test_a_foreign_identifier_finds_as_little_as_none(hospital: Hospital) -> None:
    amara, patients = await treating(hospital), hospital.units.tables.patients
    foreign = Identifier("urn:demo:national-id", "LDH-9")
    patients["pat-di"] = replace(patients[BO.id], id="pat-di", identifiers=(foreign,))
    for each in (foreign, replace(BO.identifiers[0], system="urn:other"), Identifier("urn:x", "nobody")):
        named = changed(WEIGHT, subject={"reference": f"Patient?identifier={each.system}|{each.value}"})
        refused = await posted(amara, bundle(posting(named)))
        assert problems(refused) == [("Bundle.entry[0].resource.subject.reference", "value")]


async def test_what_is_denied_or_of_a_type_that_is_not_theirs_is_not_found_by_identifier(
    hospital: Hospital,
) -> None:
    amara = await treating(hospital)
    await sent(amara, CONDITION | {"identifier": [{"system": LAB, "value": "c-1"}]})
    about = changed(WEIGHT, identifier=None, focus=[{"reference": f"Condition?identifier={LAB}|c-1"}])
    asked = bundle(posting(about))
    for scopes, status in ((("system/Observation.cu",), 422), (("system/*.cruds",), 200)):
        program = await let_in(hospital, *scopes)
        assert (await program.send("POST", "/fhir/R4", asked)).status == status
    assert (await posted(amara, asked)).status == 200
    now = hospital.clock.at
    word = Consent("c", BO.id, HOSPITAL.id, now, denied=(AMARA.id,), programs=False, version=1)
    hospital.units.tables.consents["c"] = word
    refused = [await posted(amara, asked), await program.send("POST", "/fhir/R4", asked)]
    assert [problems(each) for each in refused] == [
        [("Bundle.entry[0].resource.focus[0].reference", "value")]
    ] * 2


PUTTING = {"method": "PUT", "url": f"Observation?identifier={LAB}|w-1"}


async def test_put_by_identifier_writes_the_next_version(hospital: Hospital) -> None:
    amara = await treating(hospital)
    for status, version in (("201 Created", "1"), ("200 OK", "2")):
        answer = await posted(amara, bundle(posting(WEIGHT, **PUTTING)))
        [entry] = answer.json["entry"]
        assert (entry["response"]["status"], entry["resource"]["meta"]["versionId"]) == (status, version)
    path = f"/fhir/R4/{PUTTING['url']}"
    alone = await amara.send("PUT", path, data=BytesIO(to_the_letter(WEIGHT).encode()), headers=FHIR)
    assert (alone.status, alone.headers["ETag"]) == (200, 'W/"3"')
    stale = FHIR | {"If-Match": 'W/"1"'}
    refused = await amara.send("PUT", path, data=BytesIO(to_the_letter(WEIGHT).encode()), headers=stale)
    assert refused.status == 412
    assert await observations(amara) == 1


TWICE = posting(WEIGHT, ifNoneExist=f"identifier={LAB}|w-1")


@pytest.mark.parametrize(
    "entries, where",
    [
        ([{"fullUrl": ONE}], "Bundle.entry[0].request"),
        ([posting(WEIGHT) | {"what": 1}], "Bundle.entry[0].what"),
        ([posting(None, "Observation")], "Bundle.entry[0].resource"),
        ([posting(WEIGHT, method="DELETE")], "Bundle.entry[0].request.url"),
        ([posting(WEIGHT, url="Observation/1")], "Bundle.entry[0].request.url"),
        ([posting(WEIGHT), posting(WEIGHT, ifNoneExist="code=1")], "Bundle.entry[1].request.ifNoneExist"),
        ([posting(WEIGHT, **PUTTING, ifMatch="1")], "Bundle.entry[0].request.ifMatch"),
        ([posting(WEIGHT, full=ONE), posting(PRESSURE, full=ONE)], "Bundle.entry[1].fullUrl"),
        ([TWICE, TWICE], "Bundle.entry[1].request"),
        ([posting(LINKED)], "Bundle.entry[0].resource.result[0].reference"),
        ([posting(PRESSURE, url="Condition")], "Bundle.entry[0].resource.resourceType"),
        ([posting(LINKED), posting(REPORT, full=ONE)], "Bundle.entry[0].resource.result[0].reference"),
        ([posting(changed(WEIGHT, subject=None))], "Bundle.entry[0].resource.subject"),
        (
            [posting(changed(WEIGHT, focus=[{"reference": "Patient?name=Bo"}]))],
            "Bundle.entry[0].resource.focus[0].reference",
        ),
        (
            [posting(changed(WEIGHT, focus=[{"reference": "Device?identifier=a|b"}]))],
            "Bundle.entry[0].resource.focus[0].reference",
        ),
        ([posting(WEIGHT)] * 201, "Bundle.entry"),
    ],
)
async def test_what_cannot_be_carried_out_is_named(
    hospital: Hospital, entries: list[dict[str, Any]], where: str
) -> None:
    amara = await treating(hospital)
    refused = await posted(amara, bundle(*entries))
    assert (refused.status, refused.json["issue"][0]["expression"]) == (422, [where]), refused.text
    assert await observations(amara) == 0


async def test_two_ways_to_one_resource_are_refused(hospital: Hospital) -> None:
    amara = await treating(hospital)
    both = [Identifier(LAB, "w-1"), Identifier(LAB, "w-2")]
    double = changed(WEIGHT, identifier=[{"system": each.system, "value": each.value} for each in both])
    await sent(amara, double)
    ways = [posting(double, method="PUT", url=f"Observation?identifier={LAB}|{each.value}") for each in both]
    refused = await posted(amara, bundle(*ways))
    assert (refused.status, problems(refused)) == (422, [("Bundle.entry[1].request", "value")])


@pytest.mark.parametrize("body", [{"resourceType": "Observation"}, bundle(kind="collection")])
async def test_only_transaction_and_batch_are_carried_out(hospital: Hospital, body: dict[str, Any]) -> None:
    assert (await posted(await treating(hospital), body)).status == 422


async def test_a_batch_answers_no_more_than_two_pages_of_a_search(
    hospital: Hospital, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundles, "MOST_ANSWERED", 1)
    amara = await treating(hospital)
    asked = [posting(None, f"Observation?patient={BO.id}", method="GET")] * 2
    answer = await posted(amara, bundle(*asked, posting(WEIGHT), kind="batch"))
    told = [each["response"] for each in answer.json["entry"]]
    assert [each["status"][:3] for each in told] == ["200", "422", "201"]
    assert "by itself" in str(told[1]["outcome"])


async def test_a_batch_answers_each_for_itself(hospital: Hospital) -> None:
    amara = await treating(hospital)
    id_ = (await sent(amara, WEIGHT)).json["id"]
    gets = (
        f"Observation/{id_}",
        f"Observation/{id_}/_history/1",
        f"Observation?patient={BO.id}",
        "Observation/x",
    )
    asked = [posting(None, each, method="GET") for each in gets]
    bad = posting(changed(PRESSURE, status="gone"))
    better = posting(changed(WEIGHT, id=id_), f"Observation/{id_}", method="PUT", ifMatch='W/"1"')
    loose = [
        posting(PRESSURE, full=ONE),
        posting(LINKED),
        posting(WEIGHT, method="DELETE"),
        posting(None, "Goal"),
    ]
    odd = posting(WEIGHT, "Observation/1")
    answer = await posted(
        amara, bundle(*asked, bad, better, posting(WEIGHT, **PUTTING), *loose, odd, kind="batch")
    )
    assert (answer.status, answer.json["type"]) == (200, "batch-response")
    told = [int(each["response"]["status"][:3]) for each in answer.json["entry"]]
    assert told == [200, 200, 200, 404, 422, 200, 200, 201, 422, 422, 422, 404]
    [issue] = answer.json["entry"][4]["response"]["outcome"]["issue"]
    assert issue["expression"] == ["Bundle.entry[4].resource.status"]
    assert answer.json["entry"][2]["resource"]["total"] == 1
    assert "72.50" in json.dumps(json.loads(answer.text, parse_float=str)["entry"][0])
    assert [each[1] for each in hospital.refusals] == ["not-found", "not-found"]


async def test_an_empty_bundle_does_nothing(hospital: Hospital) -> None:
    amara = await treating(hospital)
    for kind in ("transaction", "batch"):
        answer = await posted(amara, bundle(kind=kind))
        assert (answer.status, answer.json) == (200, {"resourceType": "Bundle", "type": f"{kind}-response"})


async def test_a_stranger_writes_nothing_with_others_patients(hospital: Hospital) -> None:
    await treating(hospital)
    for asking in (STRANGER, ADA, COORDINATOR):
        person = await hospital.staff(asking)
        nobody = changed(WEIGHT, subject={"reference": "Patient/nobody"})
        foreign, random = [await posted(person, bundle(posting(each))) for each in (WEIGHT, nobody)]
        assert foreign.status == random.status == (404 if asking is STRANGER else 403)
        single = await posted(person, bundle(posting(WEIGHT), kind="batch"))
        assert single.json["entry"][0]["response"]["status"].startswith(str(foreign.status))
    assert await observations(await hospital.staff(AMARA)) == 0


async def test_bundles_are_counted(hospital: Hospital) -> None:
    amara = await treating(hospital)
    answers = [await posted(amara, bundle(kind="batch")) for _ in range(31)]
    assert [each.status for each in answers].count(429) == 1
