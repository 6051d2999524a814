"""A link that leads nowhere, and one that leads the wrong person: what each page says and does."""

import pytest

from tests.integration.storage.cast import BO
from tests.integration.web.hospital import Hospital
from tests.integration.web.journeys import booked, opened

BORN = {"day": str(BO.birth_date.day), "month": str(BO.birth_date.month), "year": str(BO.birth_date.year)}
WISHES = [
    {"token": "x" * 43},
    {"contact": BO.phone, **BORN},
    {"contact": "nobody@nowhere.example", **BORN},
    {"contact": BO.phone, "day": "1", "month": "1", "year": "1900"},
]


@pytest.mark.parametrize("wish", WISHES, ids=["a link", "Bo", "nobody", "a wrong date"])
async def test_the_answer_is_the_same_whoever_asks(hospital: Hospital, wish: dict[str, str]) -> None:
    appointment = await booked(hospital)
    asker = await hospital.visitor()
    real = {"token": appointment["join_url"].rpartition("#")[2]}
    first, second = await asker.form("/v/new-link", real), await asker.form("/v/new-link", wish)
    assert (first.status, first.text) == (second.status, second.text) == (303, "")
    assert first.headers["Location"] == second.headers["Location"] == "/v/new-link?lang=en&sent"
    assert "a new link is on its way" in (await asker.get("/v/new-link?sent")).text


async def test_what_cannot_be_looked_for_is_asked_again(hospital: Hospital) -> None:
    asker = await hospital.visitor()
    for wrong in (
        {},
        {"contact": BO.phone},
        {"contact": BO.phone, **BORN, "month": "13"},
        {"contact": "", **BORN},
    ):
        refused = await asker.form("/v/new-link", wrong)
        assert refused.status == 422
        assert "Please check what you typed." in refused.text


async def test_one_contact_is_asked_for_three_times_an_hour(hospital: Hospital) -> None:
    asker = await hospital.visitor()
    wish = {"contact": "somebody@mail.example", **BORN}
    said = [(await asker.form("/v/new-link", wish)).status for _ in range(4)]
    assert said == [303, 303, 303, 429]


async def test_who_says_that_it_is_not_them_is_out(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    visit = appointment["visit"]
    by_script, by_form = await opened(hospital, appointment), await opened(hospital, appointment)
    gone = await by_script.send("DELETE", f"/api/v1/my/{visit}/session")
    assert gone.status == 204
    assert f"v-{visit}=" in gone.headers["Set-Cookie"]
    left = await by_form.form(f"/v/{visit}/not-me", {})
    assert (left.status, left.headers["Location"]) == (303, "/v/not-me?lang=en")
    for person in (by_script, by_form):
        assert (await person.get(f"/api/v1/my/{visit}")).status == 401
    page = (await by_form.get("/v/not-me")).text
    assert BO.name.given not in page
    assert hospital.actions().count("link:not-mine") == 2


async def test_a_link_that_was_opened_before_is_given_back_by_the_link(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    token = {"token": appointment["join_url"].rpartition("#")[2]}
    stranger, nobody = await opened(hospital, appointment), await hospital.visitor()
    for person in (nobody, stranger):
        assert (await person.post("/api/v1/visit-links/not-mine", token)).status == 204
    assert (await stranger.get(f"/api/v1/my/{appointment['visit']}")).status == 401
    assert hospital.actions().count("link:not-mine") == 1
    assert (await nobody.post("/api/v1/visit-links/not-mine", {"token": "x" * 43})).status == 204
