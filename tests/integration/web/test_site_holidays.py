"""Holidays of sites and terms of services through the API, for administrators alone."""

from dataclasses import replace
from typing import Any

import pytest

from tests.integration.storage.cast import AMARA, CARDIOLOGY, NOOR, VILLAGE, WARD
from tests.integration.web.hospital import ADA, COORDINATOR, PIA, Hospital

SITE, SERVICE = f"/api/v1/sites/{WARD.id}", f"/api/v1/services/{CARDIOLOGY.id}"
BAVARIA = {"region": "DE-BY", "version": 0}
TERMS = {"before_minutes": 5, "buffer_minutes": 10, "notice_minutes": 60, "horizon_days": 90}


async def test_a_site_keeps_the_holidays_of_its_region(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    listed = (await ada.get("/api/v1/sites")).json["sites"]
    assert [(each["id"], each["region"]) for each in listed] == [(WARD.id, "")]
    assert (await ada.get(f"{SITE}/holidays", params={"year": 2027})).json["holidays"] == []
    kept = await ada.put(f"{SITE}/region", BAVARIA)
    assert (kept.status, kept.json["region"], kept.json["version"]) == (200, "DE-BY", 1)
    found = (await ada.get(f"{SITE}/holidays", params={"year": 2027})).json["holidays"]
    assert {"day": "2027-05-27", "name": "Corpus Christi", "worked": False} in found
    assert "site:region:change" in hospital.actions()


async def test_a_site_may_work_on_a_holiday(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    await ada.put(f"{SITE}/region", BAVARIA)

    async def worked() -> list[str]:
        found = (await ada.get(f"{SITE}/holidays", params={"year": 2027})).json["holidays"]
        return [each["day"] for each in found if each["worked"]]

    for said, then in ((True, ["2027-05-27"]), (True, ["2027-05-27"]), (False, []), (False, [])):
        assert (await ada.put(f"{SITE}/holidays/2027-05-27", {"worked": said})).status == 204
        assert await worked() == then
    assert hospital.actions().count("site:holiday:change") == 2, "what changes nothing is not entered"


@pytest.mark.parametrize("region", ["Bavaria", "DE-XX", "XX", "de-by", "DE-"])
async def test_an_unknown_region_is_refused(hospital: Hospital, region: str) -> None:
    ada = await hospital.staff(ADA)
    refused = await ada.put(f"{SITE}/region", {"region": region, "version": 0})
    assert (refused.status, refused.json["errors"][0]["code"]) == (422, "unknown")


async def test_what_is_not_a_holiday_and_no_day_is_refused(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    await ada.put(f"{SITE}/region", BAVARIA)
    for day, code in (("2027-05-26", "no-holiday"), ("2027-02-30", "not-a-date"), ("soon", "not-a-date")):
        refused = await ada.put(f"{SITE}/holidays/{day}", {"worked": True})
        assert (refused.status, refused.json["errors"][0]["code"]) == (422, code)
    refused = await ada.get(f"{SITE}/holidays", params={"year": 2999})
    assert (refused.status, refused.json["errors"][0]["code"]) == (422, "out-of-range")


async def test_terms_are_read_and_changed_by_version(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    before = (await ada.get(f"{SERVICE}/terms")).json
    assert (before["minutes"], before["buffer_minutes"], before["horizon_days"]) == (20, 5, 366)
    changed = await ada.put(f"{SERVICE}/terms", TERMS | {"version": 0})
    assert changed.status == 200, changed.text
    assert changed.json == before | TERMS | {"version": 1}
    stale = await ada.put(f"{SERVICE}/terms", TERMS | {"version": 0})
    region = await ada.put(f"{SITE}/region", {"region": "DE", "version": 7})
    assert [(each.status, each.json["code"]) for each in (stale, region)] == [(412, "stale-version")] * 2
    assert "service:terms:change" in hospital.actions()


async def test_a_service_is_opened_to_patients_and_closed_again(hospital: Hospital) -> None:
    ada, anybody = await hospital.staff(ADA), await hospital.visitor()
    before = (await ada.get(f"{SERVICE}/terms")).json
    assert before["open_to_patients"] is False
    page = f"/s/{CARDIOLOGY.id}"
    assert (await anybody.get(page)).status == 404
    for number in range(2):  # a second press changes nothing
        opened = await ada.put(f"{SERVICE}/open", {"open": True})
        assert opened.json == before | {"open_to_patients": True, "version": 1}, number
    assert (await anybody.get(page)).status == 200
    closed = await ada.put(f"{SERVICE}/open", {"open": False})
    assert (closed.json["open_to_patients"], closed.json["version"]) == (False, 2)
    assert (await anybody.get(page)).status == 404
    assert hospital.actions().count("service:open") == hospital.actions().count("service:close") == 1


@pytest.mark.parametrize(
    "changes, field, code",
    [
        ({"before_minutes": 121}, "before_minutes", "out-of-range"),
        ({"buffer_minutes": -1}, "buffer_minutes", "out-of-range"),
        ({"horizon_days": 0}, "horizon_days", "out-of-range"),
        ({"horizon_days": 36525}, "horizon_days", "out-of-range"),
        ({"notice_minutes": 1440, "horizon_days": 1}, "notice_minutes", "never"),
    ],
)
async def test_terms_that_cannot_be_are_refused(
    hospital: Hospital, changes: dict[str, Any], field: str, code: str
) -> None:
    ada = await hospital.staff(ADA)
    refused = await ada.put(f"{SERVICE}/terms", TERMS | {"version": 0} | changes)
    assert refused.status == 422, refused.text
    assert [(each["field"], each["code"]) for each in refused.json["errors"]] == [(field, code)]


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    other = replace(CARDIOLOGY, id="svc-rural", organization_id=VILLAGE.organization_id)
    hospital.units.tables.services[other.id] = other
    there = (f"/api/v1/sites/{VILLAGE.id}", f"/api/v1/services/{other.id}")
    asked = [(who, SITE, SERVICE, 403) for who in (AMARA, NOOR, PIA, COORDINATOR)] + [(ADA, *there, 404)]
    for who, site, service, status in asked:
        person = await hospital.staff(who)
        for answer in (
            await person.put(f"{site}/region", BAVARIA),
            await person.get(f"{site}/holidays", params={"year": 2027}),
            await person.put(f"{site}/holidays/2027-05-27", {"worked": True}),
            await person.get(f"{service}/terms"),
            await person.put(f"{service}/terms", TERMS | {"version": 0}),
            await person.put(f"{service}/open", {"open": True}),
        ):
            assert answer.status == status, (who.id, answer.text)
    assert (await (await hospital.staff(AMARA)).get("/api/v1/sites")).status == 403
