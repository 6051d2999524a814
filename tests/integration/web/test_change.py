"""The patient's own change on its pages: by link, by code, by cookie; complete without scripts."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from babel.dates import format_date

from telehealth.crypto.tokens import LinkTokens
from tests.integration.storage.cast import AMARA, BO, CARDIOLOGY
from tests.integration.web.hospital import ADA, LINK_SECRET, Answer, Hospital, Person
from tests.integration.web.journeys import booked, opened

BORN = {"day": "17", "month": "4", "year": "1961"}


def token_of(appointment: dict[str, Any]) -> str:
    return str(appointment["join_url"].rpartition("#")[2])


async def changing(hospital: Hospital, appointment: dict[str, Any]) -> Person:
    """Bo at the page of the change, by the link."""
    bo, visit = await hospital.visitor(), appointment["visit"]
    answer = await bo.form("/v/change?lang=en", {"token": token_of(appointment)})
    assert (answer.status, answer.headers["Location"]) == (303, f"/v/{visit}/change?lang=en")
    return bo


def starts(page: Answer) -> list[str]:
    return re.findall(r"start=([^\"&]+)\"", page.text)


def hidden(page: Answer) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))


async def test_another_time_is_chosen_checked_and_confirmed_once_for_two_presses(hospital: Hospital) -> None:
    appointment = await booked(hospital, 49)
    bo, path = await changing(hospital, appointment), f"/v/{appointment['visit']}/change"
    page = await bo.get(path)
    assert "Wednesday, 25 November" in page.text
    assert len(starts(page)) == 20
    asked = await bo.get(path, params={"start": starts(page)[-1]})
    assert "Check the new time" in asked.text
    assert "Your visit was moved." not in (await bo.get(f"{path}?done=moved")).text, "typed, not done"
    for _ in range(2):
        done = await bo.form(path, hidden(asked))
        assert (done.status, done.headers["Location"]) == (303, f"{path}?lang=en&done=moved")
    assert (
        "<h1>Your visit was moved.</h1>\n<p><strong>Your visit is "
        in (await bo.get(f"{path}?done=moved")).text
    )
    assert hospital.actions().count("appointment:move") == 1
    amara = await hospital.staff(AMARA)
    found = (await amara.get(f"/api/v1/appointments/{appointment['id']}")).json
    assert found["start"] == starts(page)[-1]
    assert "The patient chose this time" in (await amara.get(f"/messages/{appointment['visit']}")).text


async def test_every_step_says_whose_clock_is_meant_for_no_page_here_can_ask_the_phone(
    hospital: Hospital,
) -> None:
    appointment = await booked(hospital, 49)
    bo, path = await changing(hospital, appointment), f"/v/{appointment['visit']}/change"
    page = await bo.get(path)
    assert page.text.count("25 November, 11:20 (time in Stockholm)") == 1
    assert "Times in Stockholm" in page.text
    asked = await bo.get(path, params={"start": starts(page)[-1]})
    assert asked.text.count("(time in Stockholm)") == 2
    assert "11:20 (time in Stockholm)" in (await bo.get(f"/v/{appointment['visit']}/cancel")).text
    assert (await bo.form(path, hidden(asked))).status == 303
    assert "Times in Stockholm" in (await bo.get(f"{path}?done=moved")).text
    later = await bo.get(f"/v/{appointment['visit']}")
    assert "Times in Stockholm" in later.text


async def test_later_times_go_on_and_a_day_can_be_named(hospital: Hospital) -> None:
    appointment = await booked(hospital, 49)
    bo, path = await changing(hospital, appointment), f"/v/{appointment['visit']}/change"
    first = await bo.get(path)
    (after,) = re.findall(r"after=([^\"&]+)\"", first.text)
    assert min(starts(await bo.get(path, params={"after": after}))) == after > max(starts(first))
    named = await bo.get(path, params={"day": "2026-12-07"})
    assert starts(named)[0] == "2026-12-07T07:00:00Z"
    assert 'value="2026-12-07"' in named.text


async def test_code_and_birth_date_lead_there_too(hospital: Hospital) -> None:
    appointment, bo = await booked(hospital, 49), await hospital.visitor()
    code = LinkTokens(LINK_SECRET).spoken(appointment["visit"], BO.id, 1)
    page = await bo.form("/v/code", {"code": code, **BORN})
    assert 'formaction="/v/change?lang=en"' in page.text
    assert "Change or cancel:" not in page.text
    assert (await bo.form("/v/change", hidden(page))).status == 303
    assert len(starts(await bo.get(f"/v/{appointment['visit']}/change"))) == 20
    wrong = await bo.form("/v/change", {"code": code, **BORN, "day": "18"})
    assert wrong.status == 404
    assert "visit:" not in "".join(hospital.actions())  # nobody has come to the visit


async def test_a_visit_is_cancelled_after_one_question(hospital: Hospital) -> None:
    appointment = await booked(hospital, 49)
    bo, path = await changing(hospital, appointment), f"/v/{appointment['visit']}/cancel"
    asked = await bo.get(path)
    assert "Cancel your visit?" in asked.text
    for _ in range(2):
        assert (await bo.form(path, hidden(asked))).status == 303
    assert "A message about it is on its way to you." in (await bo.get(path)).text
    assert hospital.actions().count("appointment:cancel") == 1
    amara = await hospital.staff(AMARA)
    assert "The patient cancelled this visit" in (await amara.get(f"/messages/{appointment['visit']}")).text


@pytest.mark.parametrize("open_", [True, False])
async def test_who_has_cancelled_books_anew_where_anybody_may_and_else_calls(
    hospital: Hospital, *, open_: bool
) -> None:
    if open_:
        ada = await hospital.staff(ADA)
        assert (await ada.form(f"/organization/services/{CARDIOLOGY.id}", {"open": "true"})).status == 303
    appointment = await booked(hospital, 49)
    bo, visit = await changing(hospital, appointment), f"/v/{appointment['visit']}"
    assert (await bo.form(f"{visit}/cancel", hidden(await bo.get(f"{visit}/cancel")))).status == 303
    for path in (f"{visit}/cancel", f"{visit}/change", visit):
        page = (await bo.get(path)).text
        assert "This visit was cancelled" in page
        assert (f'href="/s/{CARDIOLOGY.id}?lang=en">Book a visit</a>' in page) is open_, path
    code = LinkTokens(LINK_SECRET).spoken(appointment["visit"], BO.id, 1)
    closed = await (await hospital.visitor()).form("/v/code", {"code": code, **BORN})
    assert (closed.status, "This visit was cancelled" in closed.text) == (409, True)
    assert (f'href="/s/{CARDIOLOGY.id}?lang=en">Book a visit</a>' in closed.text) is open_
    token = appointment["join_url"].partition("#")[2]
    looked = await (await hospital.visitor()).post("/api/v1/visit-links/look", {"token": token})
    assert looked.json["book"] == (f"/s/{CARDIOLOGY.id}?lang=en" if open_ else "")


async def test_the_last_day_that_can_be_chosen_is_named(hospital: Hospital) -> None:
    appointment = await booked(hospital, 49)
    bo, path = await changing(hospital, appointment), f"/v/{appointment['visit']}/change"
    page = await bo.get(path)
    (last,) = re.findall(r' max="([^"]+)"', page.text)
    assert (
        f"The last day you can choose: {format_date(date.fromisoformat(last), 'full', 'en_GB')}" in page.text
    )
    assert starts(await bo.get(path, params={"day": last}))
    behind = date.fromisoformat(last) + timedelta(days=1)
    assert starts(await bo.get(path, params={"day": behind.isoformat()})) == []


async def test_near_its_start_the_page_says_to_call_and_takes_nothing(hospital: Hospital) -> None:
    appointment = await booked(hospital, 1)
    bo, visit = await opened(hospital, appointment), appointment["visit"]
    for path in (f"/v/{visit}/change", f"/v/{visit}/cancel"):
        page = await bo.get(path)
        assert "Your visit is too soon to change it here." in page.text
        assert starts(page) == []
    sent = {"start": "2026-12-01T09:00:00Z", "version": "0", "once": "0" * 16}
    for path in (f"/v/{visit}/change", f"/v/{visit}/cancel"):
        refused = await bo.form(path, sent)
        assert refused.status == 409
        assert "Please call the clinic." in refused.text


async def test_the_page_offers_a_change_only_while_it_may_be_done_and_else_says_whom_to_call(
    hospital: Hospital,
) -> None:
    appointment = await booked(hospital, 3)
    path, link = f"/v/{appointment['visit']}", {"token": token_of(appointment)}
    bo, two_hours = await opened(hospital, appointment), timedelta(hours=2)
    hospital.clock.at = datetime.fromisoformat(appointment["start"]) - two_hours
    for offered in (True, False):
        look = await (await hospital.visitor()).post("/api/v1/visit-links/look", link)
        assert (look.json["early"], look.json["changeable"]) == (True, offered)
        mine = await bo.get(path)
        assert (f'href="{path}/change?' in mine.text) is offered
        assert ("Change or cancel: <a data-phone" in mine.text) is not offered
        hospital.clock.move(minutes=1)


async def test_who_was_slower_chooses_again(hospital: Hospital) -> None:
    appointment = await booked(hospital, 49)
    bo, path = await changing(hospital, appointment), f"/v/{appointment['visit']}/change"
    times = starts(await bo.get(path))
    late = hidden(await bo.get(path, params={"start": times[0]}))
    assert (await bo.form(path, hidden(await bo.get(path, params={"start": times[5]})))).status == 303
    refused = await bo.form(path, late)
    assert refused.status == 412
    assert "Your visit was changed meanwhile." in refused.text
    assert len(starts(refused)) == 20


async def test_only_a_time_that_is_free_is_asked_about(hospital: Hospital) -> None:
    appointment = await booked(hospital, 49)
    bo, path = await changing(hospital, appointment), f"/v/{appointment['visit']}/change"
    first, second, *_ = starts(await bo.get(path))
    between = first.replace(":00Z", ":01Z")
    for typed in (between, appointment["start"]):
        page = await bo.get(path, params={"start": typed})
        assert "Somebody else has just taken this time." in page.text
        assert "Check the new time" not in page.text
    assert starts(await bo.get(path, params={"start": between}))[0] == second


async def test_a_link_from_before_the_move_leads_to_a_newer_one(hospital: Hospital) -> None:
    appointment = await booked(hospital, 49)
    bo, path = await changing(hospital, appointment), f"/v/{appointment['visit']}/change"
    start = starts(await bo.get(path))[0]
    assert (await bo.form(path, hidden(await bo.get(path, params={"start": start})))).status == 303
    stale = await (await hospital.visitor()).form("/v/change", {"token": token_of(appointment)})
    assert stale.status == 409
    assert "Send me a new link" in stale.text


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    mine, other = await booked(hospital, 49), await booked(hospital, 51)
    bo, stranger = await changing(hospital, mine), await hospital.visitor()
    for path in (f"/v/{other['visit']}/change", f"/v/{other['visit']}/cancel"):
        assert (await bo.get(path)).status == 401
        assert (await bo.form(path, {"version": "0"})).status == 401
    assert (await stranger.form("/v/change", {"token": "x" * 43})).status == 404
    unsigned = await bo.form(f"/v/{mine['visit']}/cancel", {"version": "0"})
    assert unsigned.status == 403  # no token of the page
    assert hospital.actions().count("appointment:cancel") == 0


async def test_whoever_would_come_earlier_is_put_on_the_waiting_list(hospital: Hospital) -> None:
    appointment = await booked(hospital, 49)
    bo, path = await changing(hospital, appointment), f"/v/{appointment['visit']}/change"
    asked = await bo.get(path)
    assert "Would you like to come earlier?" in asked.text
    sent = {"csrf": hidden(asked)["csrf"]}
    for _ in range(2):
        done = await bo.form(f"/v/{appointment['visit']}/earlier", sent)
        assert (done.status, done.headers["Location"]) == (303, f"{path}?lang=en")
    assert "We write to you when an earlier time is free." in (await bo.get(path)).text
    assert hospital.actions().count("waitlist:add") == 1
    (one,) = hospital.units.tables.waitlist.values()
    assert (one.visit_id, one.patient_id) == (appointment["visit"], BO.id)
    stranger = await hospital.visitor()
    assert (await stranger.form(f"/v/{appointment['visit']}/earlier", sent)).status == 401


async def test_whom_no_message_reaches_is_not_asked_about_an_earlier_time(hospital: Hospital) -> None:
    appointment = await booked(hospital, 49)
    bo, path = await changing(hospital, appointment), f"/v/{appointment['visit']}/change"
    asked = await bo.get(path)
    hospital.units.tables.patients[BO.id] = replace(BO, phone="", email="")
    assert "Would you like to come earlier?" not in (await bo.get(path)).text
    refused = await bo.form(f"/v/{appointment['visit']}/earlier", {"csrf": hidden(asked)["csrf"]})
    assert refused.status == 422
    assert hospital.units.tables.waitlist == {}


async def test_it_stays_in_view_that_an_earlier_time_was_asked_for_and_the_wish_can_be_taken_back(
    hospital: Hospital,
) -> None:
    appointment = await booked(hospital, 49)
    bo, path = await changing(hospital, appointment), f"/v/{appointment['visit']}/change"
    wish, promise = f"/v/{appointment['visit']}/earlier", "We write to you when an earlier time is free."
    sent = {"csrf": hidden(await bo.get(path))["csrf"]}
    assert promise not in (await bo.get(f"{path}?done=earlier")).text, "typed, not asked"
    await bo.form(wish, sent)
    asked = (await bo.get(path)).text
    assert f'action="{wish}/drop?lang=en"' in asked
    assert f'action="{wish}?' not in asked
    assert (await (await hospital.visitor()).form(f"{wish}/drop", sent)).status == 401
    for _ in range(2):
        dropped = await bo.form(f"{wish}/drop", sent)
        assert (dropped.status, dropped.headers["Location"]) == (303, f"{path}?lang=en")
    assert f'action="{wish}?' in (await bo.get(path)).text
    assert promise not in (await bo.get(path)).text
    assert hospital.actions().count("waitlist:leave") == 1


async def test_where_no_earlier_time_gives_a_days_notice_none_is_promised(hospital: Hospital) -> None:
    appointment = await booked(hospital, 25)
    bo, path = await changing(hospital, appointment), f"/v/{appointment['visit']}/change"
    asked = await bo.get(path)
    assert "Would you like to come earlier?" in asked.text
    hospital.clock.move(hours=2)
    later = await bo.get(path)
    assert "Choose another time" in later.text
    assert "Would you like to come earlier?" not in later.text
    refused = await bo.form(f"/v/{appointment['visit']}/earlier", {"csrf": hidden(asked)["csrf"]})
    assert refused.status == 409
    assert hospital.units.tables.waitlist == {}
