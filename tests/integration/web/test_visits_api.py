"""/api/v1/clinic, /visits, /notes and /my: the day, one visit, the note, and the patient's side of it."""

from tests.integration.storage.cast import AMARA, BO
from tests.integration.web.hospital import STRANGER, Hospital
from tests.integration.web.journeys import CONFIRMED, booked, in_call, opened, waiting


async def test_the_day_shows_rows_and_figures(hospital: Hospital) -> None:
    visit, amara, _ = await waiting(hospital)
    hospital.clock.move(minutes=6)
    day = (await amara.get("/api/v1/clinic")).json
    row = day["rows"][0]
    assert (row["id"], row["status"], row["patient"]["listed"]) == (visit, "waiting", BO.name.listed)
    assert (row["patient"]["age"], row["patient"]["interpreter"], row["zone"]) == (65, True, "Europe/Berlin")
    assert day["tiles"] | {"late_minutes": 0} == {
        "waiting": 1, "longest_wait_minutes": 6, "seen": 0, "total": 1, "late_minutes": 0, "to_sign": 0,
    }  # fmt: skip
    assert (await amara.get("/api/v1/clinic?date=2026-11-24")).json["rows"] == []
    assert (await amara.get("/api/v1/clinic?date=tomorrow")).status == 422


async def test_admitting_needs_somebody_waiting_and_may_be_repeated(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    visit = appointment["visit"]
    amara = await hospital.staff(AMARA)
    early = await amara.post(f"/api/v1/visits/{visit}/admit")
    assert (early.status, early.json["code"]) == (409, "wrong-state")
    bo = await opened(hospital, appointment)
    assert (await bo.post(f"/api/v1/my/{visit}/wait")).status == 409
    for step in ("consent", "wait"):
        assert (await bo.post(f"/api/v1/my/{visit}/{step}")).status == 200
    for _ in range(2):
        assert (await amara.post(f"/api/v1/visits/{visit}/admit")).json["status"] == "in-progress"


async def test_the_clinical_part_opens_with_two_identifiers_and_a_place(hospital: Hospital) -> None:
    visit, amara, _ = await waiting(hospital)
    await amara.post(f"/api/v1/visits/{visit}/admit")
    closed = await amara.put(f"/api/v1/visits/{visit}/note", {"version": 0, "plan": "Rest"})
    assert (closed.status, closed.json["code"]) == (409, "identity-not-confirmed")
    wrong = await amara.put(
        f"/api/v1/visits/{visit}/confirmation",
        {"identifiers": ["name", "name"], "place": "Lund", "callback": "none"},
    )
    assert {each["field"] for each in wrong.json["errors"]} == {"identifiers", "callback"}
    done = await amara.put(f"/api/v1/visits/{visit}/confirmation", CONFIRMED)
    assert done.json["confirmation"]["place"] == "At home, Lund"
    assert (await amara.put(f"/api/v1/visits/{visit}/note", {"version": 0, "plan": "Rest"})).status == 200


async def test_a_signed_note_changes_by_addendum_only(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    note = f"/api/v1/visits/{visit}/note"
    assert (await amara.post(f"{note}/addenda", {"text": "early"})).status == 409
    assert (await amara.post(f"{note}/signature", {"version": 1})).status == 409
    await amara.put(note, {"version": 0, "plan": "Rest\nand tea"})
    stale = await amara.post(f"{note}/signature", {"version": 9})
    assert (stale.status, stale.json["version"]) == (412, 1)
    for _ in range(2):
        assert (await amara.post(f"{note}/signature", {"version": 1})).json["state"] == "signed"
    locked = await amara.put(note, {"version": 2, "plan": "More"})
    assert (locked.status, locked.json["code"]) == (409, "note-locked")
    added = await amara.post(f"{note}/addenda", {"text": "Rang back."})
    assert [each["text"] for each in added.json["addenda"]] == ["Rang back."]
    assert added.json["content"]["plan"] == "Rest\nand tea"
    assert added.json["record"]["version"] == 2


async def test_drafts_wait_in_the_list_of_unsigned_notes(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    await amara.put(f"/api/v1/visits/{visit}/note", {"version": 0, "plan": "Rest"})
    assert [each["id"] for each in (await amara.get("/api/v1/notes/unsigned")).json["notes"]] == [visit]
    await amara.post(f"/api/v1/visits/{visit}/note/signature", {"version": 1})
    assert (await amara.get("/api/v1/notes/unsigned")).json["notes"] == []


async def test_the_patient_sees_their_own_visit_and_nothing_clinical(hospital: Hospital) -> None:
    visit, amara, bo = await in_call(hospital)
    await amara.put(f"/api/v1/visits/{visit}/note", {"version": 0, "findings": "a secret finding"})
    mine = await bo.get(f"/api/v1/my/{visit}")
    assert (mine.json["status"], mine.json["patient"], mine.json["summary"]) == (
        "in-progress",
        BO.name.guarded,
        None,
    )
    assert "secret" not in mine.text
    assert BO.phone not in mine.text


async def test_looking_at_a_link_changes_nothing(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    token = appointment["join_url"].rpartition("#")[2]
    scanner = await hospital.visitor()
    for _ in range(3):
        looked = await scanner.post("/api/v1/visit-links/look", {"token": token})
        assert (looked.status, looked.json["state"], looked.json["patient"]) == (200, "open", "Bo L.")
    assert not list(scanner.client.session.cookie_jar)
    amara = await hospital.staff(AMARA)
    assert (await amara.get("/api/v1/clinic")).json["rows"][0]["status"] == "booked"


async def test_a_link_is_guessed_ten_times_a_minute_at_most(hospital: Hospital) -> None:
    nobody = await hospital.visitor()
    answers = [await nobody.post("/api/v1/visit-links/look", {"token": "x" * 43}) for _ in range(11)]
    assert [each.status for each in answers] == [404] * 10 + [429]


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    await amara.put(f"/api/v1/visits/{visit}/note", {"version": 0, "plan": "Rest"})
    stranger = await hospital.staff(STRANGER)
    visits = f"/api/v1/visits/{visit}"
    requests = [
        ("GET", visits, None),
        ("PUT", f"{visits}/confirmation", CONFIRMED),
        ("POST", f"{visits}/admit", {}),
        ("POST", f"{visits}/end", {}),
        ("GET", f"{visits}/note", None),
        ("PUT", f"{visits}/note", {"version": 1, "plan": "Mine"}),
        ("POST", f"{visits}/note/signature", {"version": 1}),
        ("POST", f"{visits}/note/addenda", {"text": "Mine"}),
    ]
    for method, path, body in requests:
        answer = await stranger.send(method, path, **({"json": body} if body is not None else {}))
        assert (answer.status, answer.json["code"]) == (404, "not-found"), path
    assert len(hospital.refusals) == len(requests)
    assert (await stranger.get("/api/v1/clinic")).json["rows"] == []
    assert (await amara.get(f"{visits}/note")).json["content"]["plan"] == "Rest"
