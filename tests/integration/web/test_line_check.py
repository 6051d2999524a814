"""The check of a line: anybody may make one, the visit's is kept, and those of the clinic read it."""

import re
from dataclasses import replace
from typing import Any

import pytest

from telehealth.domain.audit import AuditAction
from tests.integration.storage.cast import AMARA, BO
from tests.integration.web.hospital import COORDINATOR, STRANGER, Hospital
from tests.integration.web.journeys import booked, opened, unreachable, waiting
from web.limits import CHECK_ADDRESS, CHECK_SESSION

OFFER = {"sdp": "v=0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"}
NARROW: dict[str, Any] = {
    "way": "direct",
    "up": 80_400,
    "down": 300_000,
    "trip": 140,
    "jitter": 9,
    "loss": 12,
    "relay": "unset",
    "camera": True,
    "microphone": True,
}
SOUND = {"plan": "sound", "because": "narrow"}
ELSEWHERE = "perhaps on another device"
LINE = re.compile(r"Line checked \d\d:\d\d: sound only advised \(80 kbit/s up\)")


def token_of(appointment: dict[str, Any]) -> str:
    return str(appointment["join_url"].rpartition("#")[2])


async def test_anybody_checks_and_nothing_is_kept(hospital: Hospital) -> None:
    nobody = await hospital.visitor()
    answered = await nobody.post("/api/v1/line-checks/offer", OFFER)
    assert (answered.status, answered.json["sdp"]) == (200, f"answer to {len(OFFER['sdp']) - 2}")
    assert answered.json["relays"][0]["urls"] == ["turn:relay.example"]
    assert (await nobody.post("/api/v1/line-checks", NARROW)).json == SOUND
    assert hospital.units.tables.line_checks == {}
    assert hospital.actions() == []


@pytest.mark.parametrize(
    "wrong", [{"up": -1}, {"loss": 1001}, {"way": "pigeon"}, {"trip": "fast"}, {"camera": None}]
)
async def test_figures_that_no_line_has_are_refused(hospital: Hospital, wrong: dict[str, Any]) -> None:
    refused = await (await hospital.visitor()).post("/api/v1/line-checks", NARROW | wrong)
    assert (refused.status, refused.json["errors"][0]["field"]) == (422, next(iter(wrong)))


async def test_what_a_patient_finds_is_kept_and_read_in_the_clinic(hospital: Hospital) -> None:
    visit, amara, bo = await waiting(hospital)
    assert (await bo.post(f"/api/v1/my/{visit}/line-check", NARROW)).json == SOUND
    assert hospital.actions()[-1] == AuditAction.LINE_CHECKED
    mine = (await bo.get(f"/api/v1/my/{visit}")).json["check"]
    assert (mine["plan"], mine["up"], mine["by"]) == ("sound", 80_400, "visitor")
    assert (await amara.get("/api/v1/clinic")).json["rows"][0]["check"] == mine
    assert (await amara.get(f"/api/v1/visits/{visit}")).json["visit"]["check"] == mine
    assert len(LINE.findall((await amara.get(f"/clinic/{visit}")).text)) == 2
    kai = await hospital.staff(COORDINATOR)
    for page in (f"/messages/{visit}", f"/board/{AMARA.id}"):
        assert LINE.search((await kai.get(page)).text)
    better = NARROW | {"up": 900_000}
    assert (await bo.post(f"/api/v1/my/{visit}/line-check", better)).json["plan"] == "video"
    assert hospital.units.tables.line_checks[visit].version == 2


async def test_a_check_by_another_browser_than_the_patients_device_says_so_to_the_clinic(
    hospital: Hospital,
) -> None:
    visit, amara, bo = await waiting(hospital)
    await bo.post(f"/api/v1/my/{visit}/line-check", NARROW)
    device = hospital.units.tables.line_checks[visit].session_id
    stored = hospital.units.tables.visits
    stored[visit] = replace(stored[visit], bound_to=device)
    same = (await amara.get("/api/v1/clinic")).json["rows"][0]["check"]
    assert not same["elsewhere"]
    pages = ["/clinic", f"/clinic/{visit}"]
    said = [(await amara.get(page)).text.count(ELSEWHERE) for page in pages]
    checks = hospital.units.tables.line_checks
    checks[visit] = replace(checks[visit], session_id="a phone at work")
    other = (await amara.get("/api/v1/clinic")).json["rows"][0]["check"]
    assert other == same | {"elsewhere": True}
    now = [(await amara.get(page)).text.count(ELSEWHERE) for page in pages]
    assert all(after > before for before, after in zip(said, now, strict=True))
    checks = hospital.units.tables.line_checks
    checks[visit] = replace(checks[visit], session_id="")
    assert (await amara.get("/api/v1/clinic")).json["rows"][0]["check"] == same


async def test_before_the_day_the_link_keeps_it_and_nobody_has_arrived(hospital: Hospital) -> None:
    appointment = await booked(hospital, 25)
    bo, visit = await hospital.visitor(), appointment["visit"]
    sent = NARROW | {"token": token_of(appointment)}
    assert (await bo.post("/api/v1/visit-links/line-check", sent)).json == SOUND
    assert hospital.units.tables.line_checks[visit].plan == "sound"
    assert hospital.units.tables.visits[visit].status == "booked"
    assert hospital.units.tables.visit_sessions == {}
    assert hospital.actions()[-1] == AuditAction.LINE_CHECKED


async def test_a_stranger_keeps_nothing(hospital: Hospital) -> None:
    """Neither with a secret that is none, nor for another's visit, nor in a visit that another device has."""
    visit, _, bo = await waiting(hospital)
    other = await booked(hospital, 3)
    cy = await hospital.visitor()
    for token in ("x" * 43, "short"):
        assert (await cy.post("/api/v1/visit-links/line-check", NARROW | {"token": token})).status == 404
    assert (await cy.post(f"/api/v1/my/{visit}/line-check", NARROW)).status == 401
    assert (await bo.post(f"/api/v1/my/{other['visit']}/line-check", NARROW)).status == 401
    bo.csrf = ""
    assert (await bo.post(f"/api/v1/my/{visit}/line-check", NARROW)).status == 403
    assert hospital.units.tables.line_checks == {}


async def test_another_device_is_advised_and_changes_nothing(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    visit = appointment["visit"]
    bo, tablet = await opened(hospital, appointment), await opened(hospital, appointment)
    for step in ("consent", "wait"):
        await bo.post(f"/api/v1/my/{visit}/{step}")
    assert (await tablet.post(f"/api/v1/my/{visit}/line-check", NARROW)).json == SOUND
    assert hospital.units.tables.line_checks == {}


async def test_who_cannot_be_phoned_is_sent_to_a_clinic(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    unreachable(hospital)
    bo = await opened(hospital, appointment)
    nothing = NARROW | {"way": "none", "up": 0, "down": 0}
    kept = await bo.post(f"/api/v1/my/{appointment['visit']}/line-check", nothing)
    assert kept.json == {"plan": "clinic", "because": "blocked"}
    assert (await (await hospital.visitor()).post("/api/v1/line-checks", nothing)).json["plan"] == "phone"


async def test_checks_are_limited_by_address_and_by_session(hospital: Hospital) -> None:
    visit, _, bo = await waiting(hospital)
    for _ in range(CHECK_SESSION.count):
        assert (await bo.post(f"/api/v1/my/{visit}/line-check", NARROW)).status == 200
    assert (await bo.post(f"/api/v1/my/{visit}/line-check", NARROW)).status == 429
    nobody = await hospital.visitor()
    for _ in range(CHECK_ADDRESS.count):
        assert (await nobody.post("/api/v1/line-checks/offer", OFFER)).status == 200
    assert (await nobody.post("/api/v1/line-checks/offer", OFFER)).status == 429


async def test_each_finds_the_page_of_the_check(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    bo, visit = await opened(hospital, appointment), appointment["visit"]
    assert f'data-keep="/my/{visit}/line-check"' in (await bo.get(f"/v/{visit}/test")).text
    assert 'data-keep="/visit-links/line-check" data-token=""' in (await bo.get("/test")).text
    stranger = await hospital.staff(STRANGER)
    assert 'data-keep=""' in (await stranger.get("/check-line")).text
    assert 'href="/check-line"' in (await stranger.get("/account")).text
    assert BO.phone not in (await bo.get("/test")).text
