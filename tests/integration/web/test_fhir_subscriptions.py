"""A laboratory is told of new results: within its scopes and house, in order, again until it hears it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from telehealth.domain.access import SYSTEM
from telehealth.domain.consent import Consent, Sharing
from telehealth.domain.errors import Erased
from telehealth.domain.outbox import GIVE_UP_AFTER
from telehealth.services.announcing import Announcing
from telehealth.services.ports import NotTold
from telehealth.services.trail import Work
from tests.arrivals import PRESSURE, WEIGHT, changed
from tests.fakes import FakeChance
from tests.fakes.consents import FakeConsents
from tests.integration.storage.cast import AMARA, BO, CY, HOSPITAL
from tests.integration.web.hospital import ORIGIN, Hospital
from tests.integration.web.programs import Client, let_in
from tests.integration.web.test_fhir_writing import sent, treating
from web.keys import SERVICES

HERE = "/fhir/R4/Subscription"
CODE = WEIGHT["code"]["coding"][0]["code"]
WANTED: dict[str, Any] = {
    "resourceType": "Subscription",
    "status": "requested",
    "reason": "Results for the ward",
    "criteria": f"Observation?code={CODE}",
    "channel": {
        "type": "rest-hook",
        "endpoint": "https://lab.example/news",
        "payload": "application/fhir+json",
        "header": ["Authorization: Bearer quiet"],
    },
}


@dataclass
class Ear:
    """What would be at the other end; with `trouble` it cannot be told."""

    heard: list[tuple[str, tuple[str, ...], str]] = field(default_factory=list)
    trouble: NotTold | None = None

    async def tell(self, endpoint: str, header: Sequence[str], text: str) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.heard.append((endpoint, tuple(header), text))

    def told(self) -> list[tuple[str, str]]:
        """Number and focus of every event that arrived."""
        found = []
        for _, _, text in self.heard:
            for each in json.loads(text)["entry"][0]["resource"]["parameter"]:
                if each["name"] == "notification-event":
                    number, _, focus = each["part"]
                    found.append((number["valueString"], focus["valueReference"]["reference"]))
        return found


def telling(hospital: Hospital, ear: Ear) -> Announcing:
    work = Work(hospital.units, hospital.clock, FakeChance(f"telling {len(hospital.actions())}"))
    return Announcing(work=work, hook=ear, base=f"{ORIGIN}/fhir/R4")


async def watching(hospital: Hospital, wanted: dict[str, Any] | None = None) -> tuple[Client, str]:
    client = await let_in(hospital, "system/Observation.rs")
    made = await client.send("POST", HERE, wanted or WANTED)
    assert made.status == 201, made.text
    return client, made.json["id"]


async def test_a_new_result_is_told_of_by_its_id_and_nothing_else(hospital: Hospital) -> None:
    client, id_ = await watching(hospital)
    amara, ear = await treating(hospital), Ear()
    made = (await sent(amara, WEIGHT)).json["id"]
    await sent(amara, PRESSURE)
    await telling(hospital, ear).tell_due()
    await telling(hospital, ear).tell_due()
    (endpoint, header, text), *more = ear.heard
    assert (endpoint, header, more) == ("https://lab.example/news", ("Authorization: Bearer quiet",), [])
    assert ear.told() == [("1", f"Observation/{made}/_history/1")]
    assert not [each for each in (BO.id, "72.5", CODE) if each in text]
    last = list(hospital.units.tables.entries.values())[-1]
    assert (last.action, last.actor_kind, last.patient_ids) == ("record:announce", "program", (BO.id,))
    assert (last.entity, last.entity_id, last.reason) == ("Subscription", id_, "Observation, 1")
    assert (await client.send("GET", f"{HERE}/{id_}")).json["status"] == "active"


async def test_without_a_payload_an_empty_message_says_that_there_is_news(hospital: Hospital) -> None:
    bare = {key: value for key, value in WANTED["channel"].items() if key != "payload"}
    await watching(hospital, WANTED | {"channel": bare})
    ear = Ear()
    await sent(await treating(hospital), WEIGHT)
    await telling(hospital, ear).tell_due()
    assert [text for _, _, text in ear.heard] == [""]


async def test_who_cannot_be_reached_is_told_again_in_order_and_given_up_in_the_end(
    hospital: Hospital,
) -> None:
    client, id_ = await watching(hospital)
    amara, ear = await treating(hospital), Ear(trouble=NotTold("unreachable"))
    first = (await sent(amara, WEIGHT)).json["id"]
    await telling(hospital, ear).tell_due()
    hospital.clock.move(seconds=1)
    second = (await sent(amara, changed(WEIGHT, identifier=None))).json["id"]
    ear.trouble = None
    assert await telling(hospital, ear).tell_due() == 0, "not before the time is up"
    hospital.clock.move(seconds=10)
    await telling(hospital, ear).tell_due()
    expected = [("1", f"Observation/{first}/_history/1"), ("2", f"Observation/{second}/_history/1")]
    assert ear.told() == expected
    ear.trouble = NotTold("status-500")
    await sent(amara, changed(WEIGHT, identifier=None))
    for _ in range(GIVE_UP_AFTER):
        assert (await client_of(hospital, client).send("GET", f"{HERE}/{id_}")).json["status"] == "active"
        assert await telling(hospital, ear).tell_due() == 1
        hospital.clock.move(hours=1)
    shown = (await client_of(hospital, client).send("GET", f"{HERE}/{id_}")).json
    assert (shown["status"], shown["error"]) == ("error", "status-500")
    assert hospital.actions().count("subscription:fail") == 1
    ear.trouble = None
    await sent(amara, changed(WEIGHT, identifier=None))
    assert await telling(hospital, ear).tell_due() == 0


async def test_whose_news_leaves_is_entered_before_it_does_and_once_for_all_tries(hospital: Hospital) -> None:
    await watching(hospital)
    amara, ear = await treating(hospital), Ear(trouble=NotTold("unreachable"))
    announcing, said = telling(hospital, ear), list[str]()
    for joins in (True, False, True, False):
        if joins:
            await sent(amara, changed(WEIGHT, identifier=None))
        assert await announcing.tell_due() == 1
        hospital.clock.move(minutes=2)
        entries = [e for e in hospital.units.tables.entries.values() if e.action == "record:announce"]
        said = [each.reason for each in entries if each.patient_ids == (BO.id,)]
        ear.trouble = None if len(said) == 2 else ear.trouble
    assert (said, len(ear.told())) == (["Observation, 1"] * 2, 2)
    await sent(amara, changed(WEIGHT, identifier=None))
    await announcing.tell_due()
    assert hospital.actions().count("record:announce") == 3


async def test_one_who_was_erased_keeps_nobody_elses_news_back(
    hospital: Hospital, monkeypatch: pytest.MonkeyPatch
) -> None:
    await watching(hospital)
    ear, known = Ear(), FakeConsents.of
    await sent(await treating(hospital), WEIGHT)
    async with hospital.units.writing() as uow:
        await uow.patients.add(replace(BO, id="pat-zoe", organization_id=HOSPITAL.id, identifiers=()))
        stored = next(each for each in hospital.units.tables.resources.values())
        news = replace(stored, id="o-zoe", patient_id="pat-zoe", text=stored.text.replace(BO.id, "pat-zoe"))
        await uow.record.put(news)
        await uow.subscriptions.notice(news)

    async def erased(self: FakeConsents, patient_id: str) -> Consent | None:
        if patient_id == BO.id:
            raise Erased
        return await known(self, patient_id)

    monkeypatch.setattr(FakeConsents, "of", erased)
    await telling(hospital, ear).tell_due()
    assert ear.told() == [("1", "Observation/o-zoe/_history/1")]
    assert hospital.units.tables.subscription_events == {}


async def test_what_cannot_be_judged_ends_in_an_error_like_what_is_not_heard(hospital: Hospital) -> None:
    client, id_ = await watching(hospital)
    await sent(await treating(hospital), WEIGHT)
    known = hospital.units.tables.subscriptions[id_]
    hospital.units.tables.subscriptions[id_] = replace(known, criteria="Observation?nonsense=1")
    for _ in range(GIVE_UP_AFTER):
        assert await telling(hospital, Ear()).tell_due() == 1
        hospital.clock.move(hours=1)
    shown = (await client_of(hospital, client).send("GET", f"{HERE}/{id_}")).json
    assert (shown["status"], shown["error"]) == ("error", "unexpected")
    assert hospital.actions().count("subscription:fail") == 1


def client_of(hospital: Hospital, client: Client) -> Client:
    """The same program with a token that is not over."""
    tables = hospital.units.tables
    for digest, token in list(tables.program_tokens.items()):
        later = hospital.clock.at.replace(year=hospital.clock.at.year + 1)
        tables.program_tokens[digest] = replace(token, expires_at=later)
    return client


async def test_nothing_beyond_scopes_house_and_the_patients_word_is_told(hospital: Hospital) -> None:
    client, ear = await let_in(hospital, "system/Observation.rs"), Ear()
    for criteria, status in (
        ("DiagnosticReport?status=final", 403),
        (f"Observation?patient={CY.id}", 404),
        ("Observation?patient=none", 404),
        (f"Observation?patient={BO.id}", 201),
        ("Observation", 201),
    ):
        answer = await client.send("POST", HERE, WANTED | {"criteria": criteria})
        assert answer.status == status, (criteria, answer.text)
    assert (await sent(await treating(hospital), WEIGHT)).status == 201
    assert len(hospital.units.tables.subscription_events) == 2
    async with hospital.units.writing() as uow:
        word = Consent("c1", BO.id, "other", hospital.clock.at, Sharing.HOUSE, version=1)
        await uow.consents.put(word)
    await telling(hospital, ear).tell_due()
    assert ear.heard == []
    assert hospital.units.tables.subscription_events == {}, "what may not be told is not kept for later"


async def test_what_ends_is_told_nothing_more(hospital: Hospital) -> None:
    client, id_ = await watching(hospital)
    amara, ear = await treating(hospital), Ear()
    await sent(amara, WEIGHT)
    assert (await client.send("DELETE", f"{HERE}/{id_}")).status == 204
    assert (await client.send("DELETE", f"{HERE}/{id_}")).status == 204
    assert (await client.send("GET", f"{HERE}/{id_}")).json["status"] == "off"
    assert hospital.actions().count("subscription:end") == 1
    late = WANTED | {"end": "2026-11-24T00:00:00Z"}
    short = (await client.send("POST", HERE, late)).json["id"]
    await sent(amara, changed(WEIGHT, identifier=None))
    hospital.clock.move(hours=24)
    assert await telling(hospital, ear).tell_due() == 0
    assert (await client_of(hospital, client).send("GET", f"{HERE}/{short}")).json["status"] == "off"
    assert (await client.send("POST", HERE, late)).status == 422


async def test_with_the_program_its_subscriptions_end(hospital: Hospital) -> None:
    client, id_ = await watching(hospital)
    ear, programs = Ear(), hospital.server.app[SERVICES].record.programs
    await sent(await treating(hospital), WEIGHT)
    known = hospital.units.tables.subscriptions[id_]
    await programs.end(SYSTEM, known.program_id)
    assert (await client.send("GET", f"{HERE}/{id_}")).status == 401
    assert await telling(hospital, ear).tell_due() == 0
    assert (ear.heard, hospital.units.tables.subscriptions[id_].state) == ([], "off")


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    _, id_ = await watching(hospital)
    other, amara = await let_in(hospital, "system/*.rs"), await hospital.staff(AMARA)
    for method in ("GET", "DELETE"):
        for which in (id_, "none"):
            assert (await other.send(method, f"{HERE}/{which}")).status == 404
            assert (await amara.send(method, f"{HERE}/{which}")).status == 403
    assert "entry" not in (await other.send("GET", HERE)).json
    assert (await amara.get(HERE)).status == 403
    assert (await sent(amara, WANTED)).status == 403


async def test_a_program_has_so_many_at_most_and_lists_them(hospital: Hospital) -> None:
    client, id_ = await watching(hospital)
    for _ in range(19):
        assert (await client.send("POST", HERE, WANTED)).status == 201
    assert (await client.send("POST", HERE, WANTED)).status == 422
    await client.send("DELETE", f"{HERE}/{id_}")
    assert (await client.send("POST", HERE, WANTED)).status == 201
    listed = await client.send("GET", f"{HERE}?status=active")
    assert (listed.json["total"], "quiet" in listed.text) == (20, False)
    assert (await client.send("GET", f"{HERE}?status=x")).status == 422


@pytest.mark.parametrize(
    "change,element",
    [
        ({"status": "off"}, "Subscription.status"),
        ({"reason": ""}, "Subscription.reason"),
        ({"end": "2026"}, "Subscription.end"),
        ({"text": {}}, "Subscription.text"),
        ({"criteria": "Patient?name=x"}, "Subscription.criteria"),
        ({"criteria": "Observation?_has=x"}, "Subscription.criteria"),
        ({"criteria": "Observation?date=never"}, "date"),
        ({"channel": "rest-hook"}, "Subscription.channel"),
        ({"channel": {"type": "email"}}, "Subscription.channel.type"),
        ({"channel": {"payload": "application/fhir+xml"}}, "Subscription.channel.payload"),
        ({"channel": {"endpoint": "http://lab.example/"}}, "Subscription.channel.endpoint"),
        ({"channel": {"endpoint": "https://a:b@lab.example/"}}, "Subscription.channel.endpoint"),
        ({"channel": {"endpoint": "https://lab.example:x/"}}, "Subscription.channel.endpoint"),
        ({"channel": {"header": ["Host: other.example"]}}, "Subscription.channel.header[0]"),
        ({"channel": {"header": ["X-A: b\r\nHost: c"]}}, "Subscription.channel.header[0]"),
        ({"channel": {"header": "X-A: b"}}, "Subscription.channel.header"),
    ],
)
async def test_what_cannot_be_is_refused_by_element(
    hospital: Hospital, change: dict[str, Any], element: str
) -> None:
    client = await let_in(hospital, "system/*.rs")
    part = change.get("channel")
    whole = {"channel": WANTED["channel"] | part} if isinstance(part, dict) else change
    answer = await client.send("POST", HERE, WANTED | whole)
    assert (answer.status, answer.json["issue"][0]["expression"]) == (422, [element]), answer.text
