"""/sites and /services: whose holidays a site keeps, and when a service can be booked."""

import re
from dataclasses import replace

from tests.integration.storage.cast import AMARA, CARDIOLOGY, NOOR, RURAL, WARD
from tests.integration.web.hospital import ADA, COORDINATOR, PIA, Hospital, Person

SITE, SERVICE = f"/sites/{WARD.id}", f"/services/{CARDIOLOGY.id}"
CHRISTMAS = f"{SITE}/holidays/2026-12-25"
TERMS = {
    "before_minutes": "5",
    "buffer_minutes": "10",
    "notice_minutes": "60",
    "horizon_days": "90",
    "capacity": "4",
}
WAYS = {"modalities": "video"}


async def times(person: Person, day: str) -> int:
    """How many times are free on a day."""
    span = {"start": f"{day}T00:00:00Z", "end": f"{day}T23:00:00Z", "service": CARDIOLOGY.id}
    return len((await person.get("/api/v1/slots", params=span)).json["slots"])


async def test_a_region_is_chosen_its_year_seen_and_one_day_worked(hospital: Hospital) -> None:
    ada, amara = await hospital.staff(ADA), await hospital.staff(AMARA)
    assert "No holidays are kept" in (await ada.get(SITE)).text
    kept = await ada.form(SITE, {"region": "de-by", "address": " 4 Mill Lane ", "version": "0"})
    assert kept.headers["Location"] == f"{SITE}?done=kept"
    page = (await ada.get(SITE, params={"done": "kept"})).text
    assert 'value="DE-BY"' in page
    assert 'value="4 Mill Lane"' in page
    assert '<time datetime="2026-12-25">' in page
    assert await times(amara, "2026-12-25") == 0
    for worked, count in (("true", 24), ("false", 0)):
        pressed = await ada.form(CHRISTMAS, {"worked": worked})
        assert pressed.headers["Location"] == f"{SITE}?year=2026&done=kept"
        assert await times(amara, "2026-12-25") == count
        assert ("The site works" in (await ada.get(SITE)).text) is (worked == "true")
    assert '<time datetime="2027-12-25">' in (await ada.get(SITE, params={"year": "2027"})).text


async def test_what_is_wrong_about_a_region_comes_back_beside_it(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    wrong = await ada.form(SITE, {"region": "Atlantis", "version": "0"})
    assert (wrong.status, 'id="region-error"' in wrong.text, 'value="Atlantis"' in wrong.text) == (
        422,
        True,
        True,
    )
    assert (await ada.form(SITE, {"region": "DE", "version": "1"})).status == 412
    assert (await ada.form(CHRISTMAS, {"worked": "true"})).status == 422
    assert (await ada.form(f"{SITE}/holidays/yule", {"worked": "true"})).status == 422


async def test_terms_are_kept_and_hold_at_once(hospital: Hospital) -> None:
    ada, amara = await hospital.staff(ADA), await hospital.staff(AMARA)
    assert await times(amara, "2026-11-24") == 24
    assert (await ada.form(SERVICE, TERMS | WAYS | {"version": "0"})).status == 303
    page = (await ada.get(SERVICE, params={"done": "kept"})).text
    assert re.findall(r'name="(\w+)" type="number" value="(\d+)"', page) == list(TERMS.items())
    assert await times(amara, "2026-11-24") == 17
    assert await times(amara, "2027-03-02") == 0
    assert (await ada.form(SERVICE, TERMS | WAYS | {"version": "0"})).status == 412
    wrong = await ada.form(SERVICE, TERMS | {"version": "1", "notice_minutes": "129600"})
    assert (wrong.status, 'id="notice_minutes-error"' in wrong.text) == (422, True)


async def test_sites_and_services_are_listed_each_with_its_way(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    page = (await ada.get("/sites")).text
    assert SITE in page
    assert SERVICE in page
    assert 'href="/sites"' in (await ada.get("/organization")).text


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    for who in (AMARA, NOOR, PIA, COORDINATOR):
        person = await hospital.staff(who)
        for path in ("/sites", SITE, SERVICE):
            assert (await person.get(path)).status == 403
        assert (await person.form(SITE, {"region": "DE", "version": "0"})).status == 403
        assert (await person.form(CHRISTMAS, {"worked": "true"})).status == 403
        assert (await person.form(SERVICE, TERMS | {"version": "0"})).status == 403
    async with hospital.units.writing() as uow:
        await uow.directory.save_location(replace(WARD, organization_id=RURAL.id, version=1))
        await uow.directory.save_service(replace(CARDIOLOGY, organization_id=RURAL.id, version=1))
    ada = await hospital.staff(ADA)
    for path in (SITE, SERVICE, "/sites/nowhere", "/services/nothing"):
        assert (await ada.get(path)).status == 404
    assert (await ada.form(SITE, {"region": "DE", "version": "1"})).status == 404
    assert (await ada.form(CHRISTMAS, {"worked": "true"})).status == 404
    assert (await ada.form(SERVICE, TERMS | {"version": "1"})).status == 404
