"""/waitlist and /v/offer: staff keep the list, whoever holds the link answers. Without scripts."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from telehealth.domain.outbox import Delivery
from tests.integration.storage.cast import AMARA, BO, CARDIOLOGY, CY, NOOR
from tests.integration.web.hospital import ADA, Hospital, Person
from tests.integration.web.test_messages_pages import lose
from web.keys import SERVICES

DAY = timedelta(days=1)


async def put(hospital: Hospital, **changes: str) -> Person:
    """Noor puts Cy on the list of the heart consultation for two weeks."""
    noor = await hospital.staff(NOOR)
    today = hospital.clock.at.date()
    wish = {
        "patient_id": CY.id,
        "service_id": CARDIOLOGY.id,
        "practitioner_id": "",
        "first": today.isoformat(),
        "last": (today + 14 * DAY).isoformat(),
        "notice_hours": "2",
    }
    done = await noor.form("/waitlist/add", wish | changes)
    assert (done.status, done.headers["Location"]) == (303, "/waitlist"), done.text
    return noor


async def offered(hospital: Hospital) -> tuple[Person, str]:
    """A time is kept for Cy; somebody with a phone, and the secret of the link that Cy is sent."""
    await put(hospital)
    services = hospital.server.app[SERVICES]
    assert await services.appointments.offers.offer() == 1
    (offer,) = hospital.units.tables.offers.values()
    door = services.appointments.offer_door
    token = door._invitations.offers.token(offer.id, CY.id)
    return await hospital.visitor(), token


async def test_staff_put_a_patient_on_the_list_see_them_and_take_them_off(hospital: Hospital) -> None:
    noor = await hospital.staff(NOOR)
    assert "Nobody is waiting." in (await noor.get("/waitlist")).text
    assert 'formaction="/waitlist/add"' in (await noor.get(f"/book?patient={CY.id}")).text
    assert "Heart consultation" in (await noor.get(f"/waitlist/add?patient={CY.id}")).text
    await put(hospital, weekday="1")
    shown = (await noor.get("/waitlist")).text
    assert "Heart consultation" in shown
    (one,) = hospital.units.tables.waitlist.values()
    assert one.weekdays == (1,)
    assert (await noor.form(f"/waitlist/{one.id}/end", {})).status == 303
    assert "Nobody is waiting." in (await noor.get("/waitlist")).text
    actions = {each.action for each in hospital.units.tables.entries.values()}
    assert {"waitlist:add", "waitlist:read", "waitlist:leave"} <= actions


async def test_what_was_chosen_for_booking_is_chosen_for_the_list(hospital: Hospital) -> None:
    """The button sends the form as it stands, whether free times were asked for before or not."""
    noor = await hospital.staff(NOOR)
    shown = (await noor.get(f"/book?patient={CY.id}")).text
    form = shown.partition('<form method="get" action="/book"')[2].partition("</form>")[0]
    assert "Put on the waiting list" in form
    assert {"patient", "service", "practitioner"} <= set(re.findall(r' name="([^"]+)"', form))
    sent = {"patient": CY.id, "service": CARDIOLOGY.id, "practitioner": AMARA.id, "language": "", "day": ""}
    asked = (await noor.get("/waitlist/add", params=sent)).text
    for chosen in (CARDIOLOGY.id, AMARA.id):
        assert f'<option value="{chosen}" selected>' in asked


async def test_who_adds_a_patient_looks_for_them_and_comes_back_to_the_list(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    assert 'href="/book?listing=true"' in (await amara.get("/waitlist")).text
    asked = (await amara.get("/book?listing=true")).text
    assert "<h1>Put on the waiting list</h1>" in asked
    assert "Back to the waiting list" in asked
    assert "Book for a new patient" not in asked
    (path,) = re.findall(r'action="(/book/search[^"]*)"', asked)
    assert path == "/book/search?listing=true"
    found = (await amara.form(path, {"phone": BO.phone})).text
    assert f'href="/waitlist/add?patient={BO.id}">Put on the waiting list' in found


@pytest.mark.parametrize("hour, night", [(20, False), (21, True), (23, True), (3, True), (8, False)])
async def test_the_list_says_why_nothing_is_offered_at_night(
    hospital: Hospital, hour: int, *, night: bool
) -> None:
    await put(hospital)
    hospital.clock.at = hospital.clock.at.replace(hour=hour) + DAY  # Cy lives by UTC
    noor = await hospital.staff(NOOR)
    shown = (await noor.get("/waitlist")).text
    assert ("It is night where the patient is. Offers go out from 08:00." in shown) is night


async def test_the_first_day_is_today_where_the_site_is(hospital: Hospital) -> None:
    hospital.clock.at = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)  # half past midnight in Berlin
    amara = await hospital.staff(AMARA)
    shown = (await amara.get(f"/waitlist/add?patient={BO.id}")).text
    assert 'value="2026-11-25"' in shown


@pytest.mark.parametrize(
    "changes, sentence",
    [
        ({"last": "2026-11-01"}, "The last day comes before the first one."),
        ({"notice_hours": "2000"}, ""),
        ({"last": ""}, ""),
    ],
)
async def test_a_wish_that_cannot_come_true_comes_back_with_why(
    hospital: Hospital, changes: dict[str, str], sentence: str
) -> None:
    noor = await hospital.staff(NOOR)
    wish = {"patient_id": CY.id, "service_id": CARDIOLOGY.id, "first": "2026-11-23", "last": "2026-12-01"}
    answer = await noor.form("/waitlist/add", {**wish, "notice_hours": "2", **changes})
    assert (answer.status, 'role="alert"' in answer.text) == (422, True)
    assert sentence in answer.text
    assert hospital.units.tables.waitlist == {}


async def test_the_days_of_the_week_stay_chosen_in_a_wish_that_comes_back(hospital: Hospital) -> None:
    """Without a day of the week a wish is for every day: who corrects the date must not get that."""
    noor = await hospital.staff(NOOR)
    wish = {"patient_id": CY.id, "service_id": CARDIOLOGY.id, "first": "2026-11-23", "last": "2026-11-01"}
    answer = await noor.form("/waitlist/add", {**wish, "notice_hours": "2", "weekday": ["1", "3"]})
    assert answer.status == 422
    assert re.findall(r'name="weekday" value="(\d)" checked', answer.text) == ["1", "3"]


async def test_the_link_shows_the_time_and_no_name_and_is_taken_once(hospital: Hospital) -> None:
    phone, token = await offered(hospital)
    assert "by-link" in (await phone.get("/v/offer")).text
    shown = await phone.form("/v/offer", {"token": token})
    assert shown.status == 200
    assert "Take this time" in shown.text
    assert AMARA.display in shown.text
    assert CY.name.full not in shown.text
    for _ in range(2):
        taken = await phone.form("/v/offer/take", {"token": token})
        assert (taken.status, taken.headers["Location"]) == (303, "/v/offer?lang=en&answer=taken")
    assert len(hospital.units.tables.visits) == 1
    assert "This time is yours" in (await phone.get("/v/offer?answer=taken")).text
    again = await phone.form("/v/offer", {"token": token})
    assert "You have taken this time." in again.text
    assert "<h1>A time is free" not in again.text
    late = await phone.form("/v/offer/decline", {"token": token})
    assert (late.status, "We could not keep this time" in late.text) == (409, True)


async def test_without_a_script_code_and_birth_date_do(hospital: Hospital) -> None:
    phone, _ = await offered(hospital)
    (offer,) = hospital.units.tables.offers.values()
    door = hospital.server.app[SERVICES].appointments.offer_door
    code = door._invitations.offers.code(offer.id, CY.id)
    born = {"day": str(CY.birth_date.day), "month": str(CY.birth_date.month), "year": str(CY.birth_date.year)}
    wrong = await phone.form("/v/offer", {"code": code, **born, "year": "1991"})
    assert (wrong.status, "do not fit together" in wrong.text) == (404, True)
    dead = await phone.form("/v/offer", {"token": "x" * 43})
    assert (dead.status, "Please open the newest message." in dead.text) == (404, True)
    shown = (await phone.form("/v/offer", {"code": code, **born})).text
    (token,) = set(re.findall(r'name="token" value="([^"]{43})"', shown))
    left = await phone.form("/v/offer/decline", {"token": token})
    assert left.headers["Location"].endswith("answer=declined")
    assert hospital.units.tables.visits == {}
    noor = await hospital.staff(NOOR)
    shown = (await noor.get("/waitlist")).text
    assert "Did not want it" in shown
    assert "Times as clocks show in UTC." in shown


async def test_a_time_that_ran_out_is_said_to_be_gone(hospital: Hospital) -> None:
    phone, token = await offered(hospital)
    hospital.clock.move(hours=2)
    assert "<h1>We could not keep this time" in (await phone.form("/v/offer", {"token": token})).text
    gone = await phone.form("/v/offer/take", {"token": token})
    assert (gone.status, "We could not keep this time" in gone.text) == (409, True)


async def test_staff_read_whom_they_have_to_phone_because_nothing_more_is_offered(hospital: Hospital) -> None:
    noor = await put(hospital)
    offers = hospital.server.app[SERVICES].appointments.offers
    said = "Nothing more is offered – phone them"
    for _ in range(3):
        assert said not in (await noor.get("/waitlist")).text
        assert await offers.offer() == 1
        hospital.clock.move(hours=2)
        assert await offers.expire() == 1
        noor = await hospital.staff(NOOR)
    assert await offers.offer() == 0
    shown = (await noor.get("/waitlist")).text
    assert said in shown
    assert "+498955512" in shown


async def test_staff_read_whom_an_offer_did_not_reach_and_phone_them(hospital: Hospital) -> None:
    await offered(hospital)
    noor = await hospital.staff(NOOR)
    said = "Message not delivered – phone them"
    assert said not in (await noor.get("/waitlist")).text
    assert "reached somebody" in (await noor.get("/messages")).text
    lose(hospital)
    (one,) = hospital.units.tables.waitlist
    listed = (await noor.get("/messages")).text
    for each in (f'href="/waitlist#waiting-{one}"', "Offer of a free time", "+498955512"):
        assert each in listed
    assert said in (await noor.get("/waitlist")).text
    hospital.clock.move(hours=2)
    offers = hospital.server.app[SERVICES].appointments.offers
    assert await offers.expire() == 1
    noor = await hospital.staff(NOOR)
    shown = (await noor.get("/waitlist")).text
    assert (said in shown, "Did not answer" in shown) == (True, False)
    lose(hospital, Delivery.SENT)
    shown = (await noor.get("/waitlist")).text
    assert (said in shown, "Did not answer" in shown) == (False, True)
    assert "reached somebody" in (await noor.get("/messages")).text


async def test_a_time_that_is_not_to_be_had_any_more_is_not_shown_again(hospital: Hospital) -> None:
    phone, token = await offered(hospital)
    hospital.units.tables.hours.clear()
    gone = await phone.form("/v/offer/take", {"token": token})
    assert (gone.status, "We could not keep this time" in gone.text) == (409, True)
    again = (await phone.form("/v/offer", {"token": token})).text
    assert ("We could not keep this time" in again, "Take this time" in again) == (True, False)
    noor = await hospital.staff(NOOR)
    assert "We could not keep this time any longer." in (await noor.get("/waitlist")).text


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    phone, token = await offered(hospital)
    (one,) = hospital.units.tables.waitlist
    ada = await hospital.staff(ADA)
    assert (await ada.get("/waitlist")).status == 403
    assert (await ada.form(f"/waitlist/{one}/end", {})).status == 403
    for path in ("/v/offer", "/v/offer/take", "/v/offer/decline"):
        assert (await phone.form(path, {"token": token[:-1] + "x"})).status == 404
    for _ in range(10):
        answer = await phone.form("/v/offer", {"token": token})
    assert answer.status == 200
    assert (await phone.form("/v/offer", {"token": token})).status == 429
