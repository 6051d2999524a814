"""/closures: the clinic is closed for a time, its patients and specialists are told, and it opens again."""

import re
from datetime import timedelta

import pytest

from tests.integration.storage.cast import AMARA, NOOR, VILLAGE, WARD
from tests.integration.web.hospital import ADA, PIA, Hospital
from tests.integration.web.journeys import booked, opened, waiting


def storm(hospital: Hospital, **changes: str) -> dict[str, str]:
    """From an hour ago until tomorrow, as typed in Berlin."""
    begins, ends = hospital.clock.at - timedelta(hours=1), hospital.clock.at + timedelta(days=1)
    typed = {
        "from_day": begins.date().isoformat(),
        "from_time": "09:00",
        "to_day": ends.date().isoformat(),
        "to_time": "08:00",
        "reason": "weather",
        "phone": "+49 89 555 99",
    }
    return typed | changes


async def test_a_closed_clinic_is_told_at_the_link_and_opened_again(hospital: Hospital) -> None:
    visit = await booked(hospital)
    ada = await hospital.staff(ADA)
    assert "No closed times." in (await ada.get("/closures")).text
    done = await ada.form("/closures", storm(hospital))
    assert done.headers["Location"] == "/closures?done=closed"
    shown = (await ada.get("/closures?done=closed")).text
    assert "Closed now" in shown
    assert "+498955599" in shown
    stranger = await hospital.visitor()
    link = {"token": visit["join_url"].rpartition("#")[2]}
    screen = (await stranger.post("/api/v1/visit-links/look", link)).json
    assert screen["state"] == "closed"
    assert screen["phone"] == "+498955599"
    assert screen["sentence"].startswith("The weather is too bad. The clinic opens again on ")
    assert screen["sentence"].endswith("08:00. The clinic will move your visit and tell you the new time.")
    refused = await stranger.post("/api/v1/visit-links/open", link)
    assert (refused.status, refused.json["code"]) == (409, "visit-closed")
    action = re.search(r'action="(/closures/[^"]+/remove)"', shown)
    assert action is not None
    assert (await ada.form(action[1], {})).headers["Location"] == "/closures?done=open"
    assert (await stranger.post("/api/v1/visit-links/look", link)).json["state"] == "open"
    assert {"closure:add", "closure:remove"} <= set(hospital.actions())


async def test_who_has_opened_the_link_reads_it_on_the_page_and_cannot_wait(hospital: Hospital) -> None:
    visit = await booked(hospital)
    bo = await opened(hospital, visit)
    ada = await hospital.staff(ADA)
    await ada.form("/closures", storm(hospital, reason="power", phone=""))
    page = (await bo.get(f"/v/{visit['visit']}?lang=en")).text
    assert "The clinic is closed at the time of your visit" in page
    assert "There is no electricity." in page
    assert 'href="tel:+498955500"' in page
    assert "visit.js" not in page
    for step in ("consent", "wait"):
        refused = await bo.post(f"/api/v1/my/{visit['visit']}/{step}")
        assert (refused.status, refused.json["code"]) == (409, "visit-closed")


async def test_the_specialists_page_says_from_when_to_when_the_clinic_is_closed(hospital: Hospital) -> None:
    await booked(hospital)
    ada, amara = await hospital.staff(ADA), await hospital.staff(AMARA)
    note = re.compile(r'<p class="note bad" data-only="shut"( hidden)?>(.*?)</p>')
    assert (await amara.get("/api/v1/clinic")).json["closed"] is None
    (hidden, _) = note.findall((await amara.get("/clinic")).text)[0]
    assert hidden
    await ada.form("/closures", storm(hospital, site=VILLAGE.id))
    await ada.form("/closures", storm(hospital))
    (hidden, said) = note.findall((await amara.get("/clinic")).text)[0]
    assert not hidden
    words = re.sub(r"<[^>]+>", "", said)
    assert words == "The clinic is closed: Monday 23 November, 09:00 – Tuesday 24 November, 08:00"
    closed = (await amara.get("/api/v1/clinic")).json["closed"]
    assert closed == {"start": "2026-11-23T08:00:00Z", "end": "2026-11-24T07:00:00Z"}


async def test_the_specialist_is_told_to_move_who_waits_there(hospital: Hospital) -> None:
    visit, amara, bo = await waiting(hospital)
    assert 'data-only="closed" hidden' in (await amara.get("/clinic")).text
    ada = await hospital.staff(ADA)
    await ada.form("/closures", storm(hospital))
    listed = (await amara.get("/clinic")).text
    assert '<p data-only="closed"><span class="tag bad">Clinic closed – move</span>' in listed
    assert f'href="/move/{visit}"' in listed
    (row,) = (await amara.get("/api/v1/clinic")).json["rows"]
    assert row["closed"]
    assert (await bo.get(f"/api/v1/my/{visit}")).json["code"] == "visit-closed"
    assert "The clinic is closed" in (await bo.get(f"/v/{visit}?lang=en")).text


async def test_who_is_in_the_call_stays_in_it(hospital: Hospital) -> None:
    visit, amara, bo = await waiting(hospital)
    assert (await amara.post(f"/api/v1/visits/{visit}/admit")).status == 200
    ada = await hospital.staff(ADA)
    await ada.form("/closures", storm(hospital))
    assert (await bo.get(f"/api/v1/my/{visit}")).json["status"] == "in-progress"


async def test_a_guest_is_told_too(hospital: Hospital) -> None:
    visit = await booked(hospital)
    amara, ada = await hospital.staff(AMARA), await hospital.staff(ADA)
    made = await amara.post(f"/api/v1/visits/{visit['visit']}/guests", {"name": "Lina", "kind": "relative"})
    link = {"token": made.json["url"].rpartition("#")[2]}
    lina = await hospital.visitor()
    assert (await lina.post("/api/v1/guest-links/look", link)).json["sentence"] == ""
    lina.csrf = (await lina.post("/api/v1/guest-links/open", link)).json["csrf"]
    await ada.form("/closures", storm(hospital, reason="illness"))
    told = (await lina.post("/api/v1/guest-links/look", link)).json
    assert told["visit"] == "closed"
    assert told["sentence"].startswith("Staff are ill. ")
    refused = await lina.post(f"/api/v1/guests/{made.json['guest']['id']}/wait")
    assert (refused.status, refused.json["code"]) == (409, "visit-closed")
    assert refused.json["detail"] == "The clinic is closed."


@pytest.mark.parametrize(
    "wrong, sentence",
    [
        ({"to_day": "2020-01-01"}, "The end must come after the start."),
        ({"to_day": "2031-01-01"}, "At most one year, please."),
        ({"phone": "ask Noor"}, "Write the number with its area code."),
        ({"site": VILLAGE.id}, "Choose one of the organization"),
        ({"reason": "mood"}, "Please choose one of those offered."),
        ({"from_time": "25:00"}, "Write the time as 08:30"),
    ],
)
async def test_what_cannot_be_is_said_at_its_field(
    hospital: Hospital, wrong: dict[str, str], sentence: str
) -> None:
    ada = await hospital.staff(ADA)
    refused = await ada.form("/closures", storm(hospital, **wrong))
    assert refused.status in {400, 422}
    assert sentence in refused.text
    assert "closure:add" not in hospital.actions()


async def test_an_organization_has_fifty_closures_at_most(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    for _ in range(50):
        assert (await ada.form("/closures", storm(hospital, site=WARD.id))).status == 303
    assert "At most 50, please." in (await ada.form("/closures", storm(hospital))).text


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    await ada.form("/closures", storm(hospital))
    action = re.search(r'action="(/closures/[^"]+/remove)"', (await ada.get("/closures")).text)
    assert action is not None
    for who in (AMARA, NOOR, PIA):
        person = await hospital.staff(who)
        assert (await person.get("/closures")).status == 403
        assert (await person.form("/closures", storm(hospital))).status == 403
        assert (await person.form(action[1], {})).status == 403
    assert (await ada.form("/closures/unknown/remove", {})).status == 404
