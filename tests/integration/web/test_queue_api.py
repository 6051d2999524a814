"""/api/v1/queue: who came without an appointment, for programs."""

import pytest

from tests.integration.storage.cast import AMARA, CARDIOLOGY, CY, HOSPITAL, NOOR, RURAL
from tests.integration.web.hospital import ADA, COORDINATOR, STRANGER, Answer, Hospital, Person
from tests.integration.web.test_answers_fit_the_description import fits, same

QUEUE = "/api/v1/queue"
COMES = {"patient_id": CY.id, "service_id": CARDIOLOGY.id, "triage": "urgent", "reason": "Short of breath"}
ONWARD = {"organization_id": HOSPITAL.id, "service_id": CARDIOLOGY.id, "because": "Needs an X-ray"}
NEXT = {"service_id": CARDIOLOGY.id}


async def added(hospital: Hospital) -> tuple[Person, str]:
    noor = await hospital.staff(NOOR)
    made = await noor.post(QUEUE, COMES)
    assert made.status == 201
    return noor, made.json["id"]


async def test_a_patient_is_added_listed_and_called(hospital: Hospital) -> None:
    noor, one = await added(hospital)
    (queue,) = (await noor.get(QUEUE)).json["queues"]
    (entry,) = queue["entries"]
    assert queue["service"]["id"] == CARDIOLOGY.id
    assert (entry["ahead"], entry["minutes"], entry["closed_until"]) == (0, 0, None)
    assert (entry["walk_in"]["id"], entry["walk_in"]["status"], entry["walk_in"]["triage"]) == (
        one, "waiting", "urgent",
    )  # fmt: skip
    assert entry["who"] == {"name": "Cy", "birth_date": "1990-02-28"}
    amara = await hospital.staff(AMARA)
    called = await amara.post(f"{QUEUE}/next", NEXT)
    assert (called.status, called.json["visit"]) == (201, next(iter(hospital.units.tables.visits)))
    (queue,) = (await noor.get(QUEUE)).json["queues"]
    assert queue["entries"][0]["walk_in"]["visit"] == called.json["visit"]
    empty = await amara.post(f"{QUEUE}/next", NEXT)
    assert (empty.status, empty.json["code"]) == (409, "slot-taken")


async def test_how_many_wait_is_told_without_a_name_and_stands_beside_the_list_of_the_day(
    hospital: Hospital,
) -> None:
    amara = await hospital.staff(AMARA)

    async def told(person: Person) -> tuple[int, str]:
        beside = (await amara.get("/clinic")).text.partition('data-fill="walk-ins">')[2].partition("<")[0]
        return (await person.get(f"{QUEUE}/waiting")).json["waiting"], beside

    assert await told(amara) == (0, "0")
    noor, one = await added(hospital)
    before = len(hospital.units.tables.entries)
    assert (await amara.get(f"{QUEUE}/waiting")).json == {"waiting": 1}
    assert len(hospital.units.tables.entries) == before
    assert [await told(each) for each in (amara, noor)] == [(1, "1")] * 2
    assert (await (await hospital.staff(COORDINATOR)).get(f"{QUEUE}/waiting")).json == {"waiting": 0}
    await noor.post(f"{QUEUE}/{one}/leave", {})
    assert [await told(each) for each in (amara, noor)] == [(0, "0")] * 2


async def test_somebody_is_assessed_sent_on_goes_away_and_is_back(hospital: Hospital) -> None:
    noor, one = await added(hospital)
    worse = await noor.put(f"{QUEUE}/{one}/triage", {"triage": "immediate", "why": "Fainted"})
    assert (worse.json["triage"], worse.json["why"]) == ("immediate", "Fainted")
    sent = (await noor.post(f"{QUEUE}/{one}/send", ONWARD)).json
    assert (sent["organization"], sent["from_organization"], sent["because"]) == (
        HOSPITAL.id, RURAL.id, "Needs an X-ray",
    )  # fmt: skip
    kai = await hospital.staff(COORDINATOR)
    for step, status in (("leave", "left"), ("leave", "left"), ("return", "waiting"), ("return", "waiting")):
        assert (await kai.post(f"{QUEUE}/{one}/{step}")).json["status"] == status
    assert hospital.actions().count("walk-in:leave") == 1


async def test_a_retry_changes_nothing_and_hears_the_same(hospital: Hospital) -> None:
    noor, amara = await hospital.staff(NOOR), await hospital.staff(AMARA)

    async def twice(person: Person, path: str, body: dict[str, str]) -> Answer:
        key = {"Idempotency-Key": f"key of {path}".replace(" ", "-")}
        first, again = [await person.post(path, body, headers=key) for _ in range(2)]
        assert (first.status, first.json) == (again.status, again.json)
        other = await person.post(path, body | {"service_id": "svc-2"}, headers=key)
        assert (other.status, other.json["code"]) == (422, "idempotency-key-reused")
        return first

    one = (await twice(noor, QUEUE, COMES)).json["id"]
    await twice(noor, f"{QUEUE}/{one}/send", ONWARD)
    await twice(amara, f"{QUEUE}/next", NEXT)
    assert len(hospital.units.tables.walk_ins) == len(hospital.units.tables.visits) == 1
    assert hospital.actions().count("walk-in:send") == 1


@pytest.mark.parametrize(
    "path, body",
    [
        ("", COMES | {"triage": "soon"}),
        ("", COMES | {"reason": "x" * 201}),
        ("", {"patient_id": CY.id}),
        ("/next", {}),
        ("/{one}/send", ONWARD | {"because": " "}),
        ("/{one}/send", ONWARD | {"organization_id": "org-nowhere"}),
    ],
)
async def test_what_cannot_be_meant_is_a_422(hospital: Hospital, path: str, body: object) -> None:
    noor, one = await added(hospital)
    refused = await noor.post(QUEUE + path.format(one=one), body)
    assert (refused.status, refused.json["code"]) == (422, "invalid-input")


async def test_every_answer_is_as_described(hospital: Hospital) -> None:
    noor, one = await added(hospital)
    amara = await hospital.staff(AMARA)
    described = (await amara.get("/api/v1/openapi.json")).json
    steps = [
        (noor, "get", "/queue", None),
        (noor, "put", f"/queue/{one}/triage", {"triage": "standard", "why": "Better"}),
        (noor, "post", f"/queue/{one}/leave", None),
        (noor, "post", f"/queue/{one}/return", None),
        (noor, "post", f"/queue/{one}/send", ONWARD),
        (amara, "post", "/queue/next", NEXT),
    ]
    for person, method, path, body in steps:
        answer = await getattr(person, method)(f"/api/v1{path}", **({"body": body} if body else {}))
        pattern = next(each for each in described["paths"] if same(each, path))
        content = described["paths"][pattern][method]["responses"][str(answer.status)]["content"]
        fits(answer.json, content["application/json"]["schema"], described["components"]["schemas"], path)


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    _, one = await added(hospital)
    kai, cyd = await hospital.staff(COORDINATOR), await hospital.staff(STRANGER)
    for person in (kai, cyd):
        assert (await person.get(QUEUE)).json == {"queues": []}
        assert (await person.get(f"{QUEUE}/waiting")).json == {"waiting": 0}
        assert (await person.put(f"{QUEUE}/{one}/triage", {"triage": "urgent", "why": "x"})).status == 404
    for step, body in (("send", ONWARD), ("leave", {}), ("return", {})):
        assert (await kai.post(f"{QUEUE}/{one}/{step}", body)).status == 404
        assert (await cyd.post(f"{QUEUE}/{one}/{step}", body)).status == 403
    assert (await kai.post(QUEUE, COMES)).status == 404
    assert (await kai.post(f"{QUEUE}/next", NEXT)).status == 403
    assert (await cyd.post(f"{QUEUE}/next", NEXT)).status == 404
    for path in (QUEUE, f"{QUEUE}/waiting"):
        assert (await (await hospital.staff(ADA)).get(path)).status == 403
    nobody = await hospital.visitor()
    assert (await nobody.get(QUEUE)).status == 401
