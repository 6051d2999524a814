"""The pages of guests: the door that tells nothing, the own place, and the parts that others fetch."""

import pytest

from tests.integration.storage.cast import AMARA
from tests.integration.web.hospital import Hospital
from tests.integration.web.journeys import in_call
from tests.integration.web.test_guests_api import LINA, guest_at


@pytest.mark.parametrize("language", ["en", "es", "ar"])
async def test_the_door_of_guests_shows_nothing_of_a_visit(hospital: Hospital, language: str) -> None:
    visit, *_ = await in_call(hospital)
    page = await (await hospital.visitor()).get(f"/g?lang={language}")
    assert page.status == 200
    assert 'data-guest=""' in page.text
    assert visit not in page.text
    assert "camera=(self)" in page.headers["Permissions-Policy"]


async def test_a_guest_comes_back_to_their_own_place_and_to_no_other(hospital: Hospital) -> None:
    visit, amara, bo = await in_call(hospital)
    urls = [(await amara.post(f"/api/v1/visits/{visit}/guests", LINA)).json["url"] for _ in range(2)]
    lina, mine = await guest_at(hospital, urls[0])
    _, other = await guest_at(hospital, urls[1])
    assert f'data-guest="{mine["id"]}"' in (await lina.get(f"/g/{mine['id']}")).text
    for person, place in ((lina, other), (bo, mine), (amara, mine)):
        assert (await person.get(f"/g/{place['id']}")).status == 401
    assert (await lina.get(f"/v/{visit}")).status == 401


async def test_who_was_removed_is_told_so_by_page_and_link_and_a_stranger_is_not(hospital: Hospital) -> None:
    visit, amara, bo = await in_call(hospital)
    url = (await amara.post(f"/api/v1/visits/{visit}/guests", LINA)).json["url"]
    lina, mine = await guest_at(hospital, url)
    await amara.post(f"/api/v1/visits/{visit}/guests/{mine['id']}/remove")
    page = await lina.get(f"/g/{mine['id']}?lang=en")
    assert page.status == 401
    assert "You are no longer invited to this visit." in page.text
    assert "Send me a new link" not in page.text, "that is the patient's way"
    foreign = (await bo.get(f"/g/{mine['id']}?lang=en")).text
    assert "This link does not open a visit" in foreign
    assert "Maybe the visit is over." in foreign
    assert "no longer invited" not in foreign
    for step in ("look", "open"):
        refused = await lina.post(f"/api/v1/guest-links/{step}", {"token": url.partition("#")[2]})
        assert (refused.status, refused.json["code"]) == (401, "uninvited")


async def test_a_guests_page_has_the_controls_of_a_call_and_none_of_the_patients_ways(
    hospital: Hospital,
) -> None:
    page = (await (await hospital.visitor()).get("/g?lang=en")).text
    for name in ("both", "sound", "wait", "mute", "hide", "leave"):
        assert f'data-do="{name}"' in page
    for name in ("phone", "not-me", "text-me", "invite", "return"):
        assert f'data-do="{name}"' not in page


async def test_the_parts_to_invite_somebody_are_pages_without_a_head(hospital: Hospital) -> None:
    form = await (await hospital.visitor()).get("/v/invite?lang=es")
    assert "data-guest-form" in form.text
    panel = await (await hospital.staff(AMARA)).get("/clinic-guests")
    assert 'id="guests"' in panel.text
    for address in ("/v/company?lang=es", "/clinic-company"):
        of = await hospital.staff(AMARA) if address == "/clinic-company" else await hospital.visitor()
        assert "data-people" in (await of.get(address)).text
    for address in ("/clinic-guests", "/clinic-company"):
        assert (await (await hospital.visitor()).get(address)).status == 303
