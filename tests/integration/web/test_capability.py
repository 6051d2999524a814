"""GET /fhir/R4/metadata: all that it tells of answers, and nothing that it does not tell of does."""

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO
from itertools import product
from typing import Any

import pytest

from telehealth.domain.record import ResourceVersion
from telehealth.fhir.validation.references import TYPES
from tests.arrivals import ALL, PRESSURE
from tests.integration.storage.cast import AMARA, BO
from tests.integration.web.hospital import PIA, Answer, Hospital, Person
from tests.integration.web.programs import Client, let_in
from tests.integration.web.test_fhir import filed
from tests.integration.web.test_fhir_slots import DAY, schedule_of, slots
from tests.integration.web.test_fhir_subscriptions import WANTED
from tests.integration.web.test_fhir_writing import FHIR, sent

BASE = "/fhir/R4"
MISSING = frozenset({404, 405})
NAMES = """
    apply book convert diff document everything expand find find-matches graph graphql hold lastn match merge
    meta meta-add meta-delete preferred-id process-message stats submit subset summary translate transform
    validate versions export import
"""
OPERATIONS = frozenset(NAMES.split())
"""Operations of R4, IHE and others that somebody could try."""
PARAMETERS = """
    _content _contained _containedType _elements _filter _has:Observation:patient:code _lastUpdated _list
    _id _profile _query _score _security _sort _source _summary _tag _text _total _type code:text code:not
    date:missing patient.name patient:Patient subject performer location based-on name
"""
COMMON = frozenset(PARAMETERS.split())
"""Search parameters of R4 that somebody could try on any type."""
LEVELS = {
    "everything": ("Patient", "GET", "one"),
    "summary": ("Patient", "GET", "one"),
    "export": ("Patient", "GET", "all"),
    "find": ("Appointment", "POST", "all"),
    "hold": ("Appointment", "POST", "all"),
    "book": ("Appointment", "POST", "all"),
}
"""On which type, how, and of one resource or of all of them each operation is called, as is documented."""


@dataclass
class Door:
    """The door with something of every type behind it, and whoever may see that."""

    hospital: Hospital
    told: dict[str, Any]
    amara: Person
    pia: Person
    ids: dict[str, str]
    lab: Client

    def types(self) -> dict[str, dict[str, Any]]:
        return {each["type"]: each for each in self.told["resource"]}

    async def ask(self, type_: str, method: str, path: str, **options: Any) -> Answer:
        """Ask as who may; the clock moves so that nobody asks too much within a minute."""
        self.hospital.clock.move(seconds=0.25)
        here = f"{BASE}/{path}".removesuffix("/")
        if type_ == "Subscription" or path in {"$export", "Patient/$export"}:
            token = {"Authorization": f"Bearer {self.lab.token}"}
            headers = options.pop("headers", {}) | token
            return await self.lab.person.send(method, here, headers=headers, **options)
        person = self.pia if type_ == "AuditEvent" else self.amara
        return await person.send(method, here, **options)


@pytest.fixture
async def door(hospital: Hospital) -> Door:
    visit, composition, amara = await filed(hospital)
    pia, nobody = await hospital.staff(PIA), await hospital.visitor()
    told = json.loads((await nobody.get(f"{BASE}/metadata")).text)["rest"][0]
    async with hospital.units.writing() as uow:
        for type_, id_ in (("Patient", BO.id), ("Consent", "consent-bo")):
            text, at = json.dumps({"resourceType": type_, "id": id_}), hospital.clock.at
            await uow.record.put(ResourceVersion(type_, id_, 1, BO.id, AMARA.organization_id, at, text))
    ids = {"Patient": BO.id, "Consent": "consent-bo", "Encounter": visit, "Composition": composition}
    ids |= {each["resourceType"]: (await sent(amara, each)).json["id"] for each in ALL}
    for type_, path in (
        ("Provenance", f"Provenance?patient={BO.id}"),
        ("Appointment", f"Appointment?patient={BO.id}"),
    ):
        ids[type_] = (await amara.get(f"{BASE}/{path}")).json["entry"][0]["resource"]["id"]
    ids["Schedule"] = await schedule_of(amara)
    ids["Slot"] = (await slots(amara, ids["Schedule"], *DAY))[0]["id"]
    ids["AuditEvent"] = (await pia.get(f"{BASE}/AuditEvent")).json["entry"][0]["resource"]["id"]
    lab = await let_in(hospital, "system/Observation.rs")
    ids["Subscription"] = (await lab.send("POST", f"{BASE}/Subscription", WANTED)).json["id"]
    for digest, token in hospital.units.tables.program_tokens.items():
        late = replace(token, expires_at=hospital.clock.at + timedelta(days=1))
        hospital.units.tables.program_tokens[digest] = late
    return Door(hospital, told, amara, pia, ids, lab)


def interactions(told: dict[str, Any]) -> set[str]:
    return {each["code"] for each in told["interaction"]}


def searched(door: Door, type_: str, name: str = "", kind: str = "") -> str:
    """A search of a type that finds something, with one parameter more."""
    alone = dict.fromkeys(("Schedule", "AuditEvent", "Subscription"), "")
    at_least = {"Slot": f"schedule={door.ids['Schedule']}"} | alone
    first = at_least.get(type_, f"patient={BO.id}")
    values = {
        ("Slot", "status"): "free",
        ("Subscription", "status"): "active",
        ("Schedule", "active"): "true",
        ("Appointment", "status"): "booked",
        ("Appointment", "service-type"): "urn:telehealth:modality|video",
    }
    by_kind = {"date": "2026", "reference": "1", "token": "x"}
    more = "" if not name or f"{name}=" in first else f"{name}={values.get((type_, name), by_kind[kind])}"
    return f"{type_}?{'&'.join(filter(None, (first, more)))}"


async def test_every_type_is_told_of_once(door: Door) -> None:
    assert len(door.types()) == len(door.told["resource"])
    assert door.types().keys() == door.ids.keys() <= TYPES


async def test_what_is_told_of_answers(door: Door) -> None:
    for type_, told in door.types().items():
        here = f"{type_}/{door.ids[type_]}"
        for code, path in (
            ("read", here),
            ("vread", f"{here}/_history/1"),
            ("history-instance", f"{here}/_history"),
            ("search-type", searched(door, type_)),
        ):
            answer = await door.ask(type_, "GET", path)
            assert (answer.status == 200) == (code in interactions(told)), (type_, code)
            assert answer.status in MISSING | {200}, (type_, code)
        read = await door.ask(type_, "GET", here)
        assert ("ETag" in read.headers) == (told["versioning"] != "no-version"), type_
        again = await door.ask(type_, "GET", here, headers={"If-None-Match": read.headers.get("ETag", "")})
        assert again.status == (304 if told.get("conditionalRead") else 200), type_


async def test_who_asks_for_news_writes_and_deletes_that_alone(door: Door) -> None:
    told = interactions(door.types()["Subscription"])
    assert told == {"read", "search-type", "create", "delete"}
    body = BytesIO(json.dumps(WANTED).encode())
    made = await door.ask("Subscription", "POST", "Subscription", data=body, headers=FHIR)
    assert made.status == 201
    assert (await door.ask("Subscription", "DELETE", f"Subscription/{made.json['id']}")).status == 204
    for path in (f"Subscription/{made.json['id']}", "Subscription?identifier=urn:x|1"):
        body = BytesIO(json.dumps(WANTED).encode())
        answer = await door.ask("Subscription", "PUT", path, data=body, headers=FHIR)
        assert answer.status in MISSING, path


async def test_writing_answers_where_it_is_told_of(door: Door) -> None:
    examples = {each["resourceType"]: each for each in ALL}
    for type_, told in door.types().items():
        if type_ == "Subscription":
            continue
        codes, id_ = interactions(told), door.ids[type_]
        assert (told.get("conditionalCreate") is True) == ("create" in codes) == (type_ in examples), type_
        example = examples.get(type_, {"resourceType": type_, "subject": {"reference": f"Patient/{BO.id}"}})
        body = json.dumps(example | {"id": id_, "identifier": [{"system": "urn:x", "value": type_}]})
        once, newest = {"If-None-Exist": f"identifier=urn:x|{type_}"}, {"If-Match": 'W/"1"'}
        for code, flag, method, path, headers, good in (
            ("create", "conditionalCreate", "POST", type_, once, 201),
            ("create", "conditionalCreate", "POST", type_, once, 200),
            ("update", "", "PUT", f"{type_}/{id_}", {}, 428),
            ("update", "", "PUT", f"{type_}/{id_}", newest, 200),
            ("update", "conditionalUpdate", "PUT", f"{type_}?identifier=urn:x|{type_}", {}, 200),
        ):
            body = body if flag != "conditionalUpdate" else body.replace(f'"id": "{id_}", ', "")
            answer = await door.ask(type_, method, path, data=BytesIO(body.encode()), headers=FHIR | headers)
            if code in codes:
                expected = {409, 412} if flag == "conditionalUpdate" else {good}
                assert answer.status in expected | {good}, (type_, method, path, answer.text)
                assert told.get(flag, True) is True
            else:
                assert answer.status in MISSING, (type_, method, path)
        unknown = await door.ask(type_, "PUT", f"{type_}/none", data=BytesIO(b"{}"), headers=FHIR | newest)
        assert unknown.status in MISSING | {422}, "an update makes nothing new"
        assert told.get("updateCreate", False) is False


def operations(told: dict[str, Any]) -> set[str]:
    return {each["name"] for each in told.get("operation", ())}


async def test_operations_answer_where_they_are_told_of(door: Door) -> None:
    known = {name: type_ for type_, told in door.types().items() for name in operations(told)}
    assert known == {name: type_ for name, (type_, _, _) in LEVELS.items()}
    for type_, name, method in product(door.types(), sorted(OPERATIONS), ("GET", "POST")):
        for level, path in (("one", f"{type_}/{door.ids[type_]}/${name}"), ("all", f"{type_}/${name}")):
            answer = await door.ask(type_, method, path, json={} if method == "POST" else None)
            declared = LEVELS.get(name) == (type_, method, level)
            assert (answer.status in {200, 422}) == declared, (method, path, answer.text)
            assert declared or answer.status in MISSING, (method, path, answer.text)


async def test_every_search_parameter_answers_where_it_is_told_of(door: Door) -> None:
    listed = {
        type_: {each["name"]: each["type"] for each in told.get("searchParam", ())}
        for type_, told in door.types().items()
    }
    every = {name for names in listed.values() for name in names} | COMMON
    for type_, names in listed.items():
        assert bool(names) == ("search-type" in interactions(door.types()[type_])), type_
        for name in sorted(every if names else ()):
            path = searched(door, type_, name, names.get(name, "token"))
            answer = await door.ask(type_, "GET", path)
            assert answer.status == (200 if name in names else 422), path


async def test_other_types_are_not_there(door: Door) -> None:
    for type_ in sorted(TYPES - door.types().keys()):
        body = json.dumps({"resourceType": type_, "subject": {"reference": f"Patient/{BO.id}"}})
        for method, path in (
            ("GET", f"{type_}?patient={BO.id}"),
            ("GET", f"{type_}/1"),
            ("GET", f"{type_}/1/_history"),
            ("POST", type_),
            ("POST", f"{type_}/_search"),
            ("PUT", f"{type_}/1"),
            ("PUT", f"{type_}?identifier=urn:x|1"),
        ):
            options = {"data": BytesIO(body.encode()), "headers": FHIR} if method != "GET" else {}
            form = {"data": {"patient": BO.id}} if path.endswith("_search") else options
            answer = await door.ask(type_, method, path, **form)
            assert answer.status in MISSING, (method, path, answer.text)


async def test_the_whole_door_does_no_more_than_it_tells(door: Door) -> None:
    assert interactions(door.told) == {"transaction", "batch"}
    for method, path in (("GET", "_history"), ("GET", f"?_type=Patient&_id={BO.id}"), ("POST", "_search")):
        answer = await door.ask("", method, path, json={} if method == "POST" else None)
        assert answer.status in MISSING, path
    assert operations(door.told) == {"export"}
    for name in sorted(OPERATIONS):
        for method in ("GET", "POST"):
            status = (await door.ask("", method, f"${name}", json={})).status
            declared = (name, method) == ("export", "GET")
            assert status == 422 if declared else status in MISSING, name
    for type_, id_ in door.ids.items():
        for method, path in (
            ("DELETE", f"{type_}/{id_}"),
            ("DELETE", f"{type_}?identifier=urn:x|1"),
            ("PATCH", f"{type_}/{id_}"),
            ("GET", f"{type_}/_history"),
            ("DELETE", f"{type_}/{id_}/_history/1"),
        ):
            answer = await door.ask(type_, method, path)
            gone = method == "DELETE" and path == f"Subscription/{id_}"
            assert answer.status == 204 if gone else answer.status in MISSING, (method, path)


async def test_transactions_and_batches_are_carried_out(door: Door) -> None:
    request = {"method": "POST", "url": "Observation"}
    entry = {"resource": PRESSURE | {"identifier": [{"system": "urn:x", "value": "b"}]}, "request": request}
    for code in ("transaction", "batch"):
        body = {"resourceType": "Bundle", "type": code, "entry": [entry]}
        answer = await door.ask("", "POST", "", data=BytesIO(json.dumps(body).encode()), headers=FHIR)
        assert (answer.status, answer.json["type"]) == (200, f"{code}-response"), answer.text


async def test_only_the_format_that_is_told_of_is_taken(door: Door) -> None:
    assert door.told["mode"] == "server"
    for kind, status in (("application/fhir+json", 201), ("application/fhir+xml", 415), ("text/turtle", 415)):
        body = BytesIO(json.dumps(PRESSURE).encode())
        answer = await door.ask("", "POST", "Observation", data=body, headers={"Content-Type": kind})
        assert answer.status == status, kind
