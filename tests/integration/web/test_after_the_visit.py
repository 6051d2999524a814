"""After the visit: what was agreed, the next visit, and the answer that the specialist reads tomorrow."""

import re
from pathlib import Path

import pytest
from icalendar import Calendar

from telehealth.domain.feedback import Answer, Trouble
from tests.integration.storage.cast import AMARA, BO, NOOR
from tests.integration.web.hospital import ADA, STRANGER, Hospital, Person, hospital_at
from tests.integration.web.hospital import Answer as Sent
from tests.integration.web.journeys import booked, in_call, opened, waiting

NOTE = {
    "history": "Cough since the mine closed",
    "findings": "Crackles on the left",
    "assessment": "Probably pneumonia",
    "plan": "Amoxicillin 3 times a day\n\nDrink a lot",
    "outcome": "follow-up-video",
    "when": "2 weeks",
    "version": 0,
}


async def over(hospital: Hospital, *, signed: bool = True) -> tuple[str, Person, Person]:
    """The call has ended, the note is written, and signed if so wished: the visit's id, Dr Amara, Bo."""
    visit, amara, bo = await in_call(hospital)
    hospital.clock.move(minutes=10)
    assert (await amara.put(f"/api/v1/visits/{visit}/note", NOTE)).status == 200
    assert (await amara.post(f"/api/v1/visits/{visit}/end")).status == 200
    if signed:
        assert (await amara.post(f"/api/v1/visits/{visit}/note/signature", {"version": 1})).status == 200
    return visit, amara, bo


async def says(bo: Person, visit: str, answer: str, *troubles: str) -> Sent:
    return await bo.form(f"/v/{visit}/feedback?lang=en", {"answer": answer, "trouble": list(troubles)})


@pytest.mark.parametrize("part", ["", "/after"])
async def test_the_page_tells_what_was_agreed_and_nothing_else_of_the_note(
    hospital: Hospital, part: str
) -> None:
    visit, _, bo = await over(hospital)
    page = (await bo.get(f"/v/{visit}{part}")).text
    agreed = [re.sub("<[^>]+>", "", each) for each in re.findall(r"<li>(.*?)</li>", page)]
    assert agreed[0] == "You will have another visit by video."
    assert "2 weeks" in agreed[1]
    assert agreed[2:] == ["Amoxicillin 3 times a day", "Drink a lot"]
    assert not re.search("mine closed|Crackles|pneumonia", page)
    entries = hospital.units.tables.entries.values()
    assert [each.reason for each in entries if each.actor_id == BO.id][-1] == "agreed"


async def test_what_the_doctor_wrote_may_be_in_the_language_of_their_page(built: Path) -> None:
    """Nobody knows what somebody wrote in whose page speaks another language than the patient's."""
    marked = r'<bdi lang="en">(?:2 weeks|Amoxicillin 3 times a day|Drink a lot)</bdi>'
    async with hospital_at(built, languages=("en", "es")) as hospital:
        visit, _, bo = await over(hospital)
        spanish, english = [(await bo.get(f"/v/{visit}/after?lang={each}")).text for each in ("es", "en")]
    assert len(re.findall(marked, spanish)) == 3
    assert "Lo que escribió el médico puede estar en inglés." in spanish
    assert not re.findall(marked, english)
    assert "What the doctor wrote" not in english


async def test_before_the_note_is_signed_nothing_of_it_is_told(hospital: Hospital) -> None:
    visit, _, bo = await over(hospital, signed=False)
    page = (await bo.get(f"/v/{visit}/after")).text
    assert "The doctor is still writing" in page
    assert not re.search("Amoxicillin|2 weeks|another visit by video", page)
    assert "note:read" not in hospital.actions()


async def test_another_browser_of_the_same_link_sees_neither_note_nor_question(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    visit, first = appointment["visit"], await opened(hospital, appointment)
    second = await opened(hospital, appointment)
    for step in ("consent", "wait"):
        assert (await first.post(f"/api/v1/my/{visit}/{step}")).status == 200
    amara = await hospital.staff(AMARA)
    assert (await amara.post(f"/api/v1/visits/{visit}/admit")).status == 200
    assert (await amara.post(f"/api/v1/visits/{visit}/end")).status == 200
    assert "Did this work for you?" in (await first.get(f"/v/{visit}/after")).text
    assert "Did this work for you?" not in (await second.get(f"/v/{visit}/after")).text
    assert (await says(second, visit, "no")).status == 409
    assert hospital.units.tables.feedback == {}


async def test_the_next_visit_stands_there_with_its_calendar_file(hospital: Hospital) -> None:
    visit, _, bo = await over(hospital)
    assert (await bo.get(f"/v/{visit}/next/calendar")).status == 404
    following = await booked(hospital, 49)
    assert "Wednesday, 25 November, 11:20" in (await bo.get(f"/v/{visit}/after")).text
    sent = await bo.get(f"/v/{visit}/next/calendar")
    assert sent.headers["Content-Type"].startswith("text/calendar")
    (event,) = Calendar.from_ical(sent.text).walk("VEVENT")
    assert event["DTSTART"].dt.isoformat().replace("+00:00", "Z") == following["start"]


async def test_one_tap_is_an_answer_and_another_one_changes_it(hospital: Hospital) -> None:
    visit, _, bo = await over(hospital)
    sent = await says(bo, visit, "partly")
    assert (sent.status, sent.headers["Location"]) == (303, f"/v/{visit}?lang=en#feedback")
    page = (await bo.get(f"/v/{visit}?lang=en")).text
    assert "Your answer: <strong>Partly</strong>" in page
    assert "What was wrong?" in page
    await says(bo, visit, "partly", "waiting", "sound")
    given = hospital.units.tables.feedback[visit]
    assert (given.answer, given.troubles) == (Answer.PARTLY, (Trouble.SOUND, Trouble.WAITING))
    await says(bo, visit, "yes")
    assert hospital.units.tables.feedback[visit].answer is Answer.YES
    assert "What was wrong?" not in (await bo.get(f"/v/{visit}?lang=en")).text


async def test_what_was_wrong_stands_in_the_thanks_which_the_address_leads_to(hospital: Hospital) -> None:
    visit, _, bo = await over(hospital)
    await says(bo, visit, "partly", "waiting", "sound")
    for part in ("", "/after"):
        page = (await bo.get(f"/v/{visit}{part}?lang=en")).text
        (thanks,) = re.findall('<p class="note ok" id="feedback" tabindex="-1">.*?</p>', page)
        assert thanks.endswith(
            "Thank you. Your answer: <strong>Partly: The sound, The time I had to wait</strong></span></p>"
        )
    await says(bo, visit, "yes", "waiting", "sound")  # as the page sends what was said before along
    assert "Your answer: <strong>Yes</strong>" in (await bo.get(f"/v/{visit}?lang=en")).text


async def test_the_number_to_call_is_as_high_as_a_button(hospital: Hospital) -> None:
    visit, _, bo = await over(hospital)
    called = r"feel worse, call the clinic: <a class=\"quiet\""
    assert re.search(called, (await bo.get(f"/v/{visit}?lang=en")).text)
    assert re.search(called, (await bo.get("/v/waiting?lang=en")).text)


async def test_the_same_answer_again_changes_nothing(hospital: Hospital) -> None:
    visit, _, bo = await over(hospital)
    for _ in range(3):
        assert (await says(bo, visit, "no", "picture")).status == 303
    assert hospital.units.tables.feedback[visit].version == 1
    assert hospital.actions().count("feedback:give") == 1


@pytest.mark.parametrize("answer,troubles", [("maybe", ()), ("", ()), ("no", ("rudeness",))])
async def test_other_words_are_refused(hospital: Hospital, answer: str, troubles: tuple[str, ...]) -> None:
    visit, _, bo = await over(hospital)
    assert (await says(bo, visit, answer, *troubles)).status == 422
    assert hospital.units.tables.feedback == {}


async def test_who_still_waits_is_not_asked_and_cannot_answer(hospital: Hospital) -> None:
    visit, _, bo = await waiting(hospital)
    assert "Did this work for you?" not in (await bo.get(f"/v/{visit}/after")).text
    assert (await says(bo, visit, "yes")).status == 409


async def test_the_answer_can_be_given_until_the_page_ends(hospital: Hospital) -> None:
    visit, _, bo = await over(hospital)
    hospital.clock.move(minutes=29)
    assert (await says(bo, visit, "yes")).status == 303
    hospital.clock.move(minutes=2)
    assert (await says(bo, visit, "no")).status == 401
    assert hospital.units.tables.feedback[visit].answer is Answer.YES


async def test_nobody_answers_without_end(hospital: Hospital) -> None:
    visit, _, bo = await over(hospital)
    answers = [(await says(bo, visit, ("yes", "no")[each % 2])).status for each in range(21)]
    assert answers == [303] * 20 + [429]


async def test_the_specialist_reads_it_the_next_day_beside_the_line(hospital: Hospital) -> None:
    visit, _, bo = await over(hospital)
    await says(bo, visit, "partly", "sound")
    hospital.clock.move(days=1)
    page = (await (await hospital.staff(AMARA)).get("/feedback")).text
    assert "Lindqvist" in page
    assert "It worked partly" in page
    assert "Good all along" in page
    assert "feedback:read" in hospital.actions()


async def test_a_stranger_reads_nothing_of_it(hospital: Hospital) -> None:
    visit, _, bo = await over(hospital)
    await says(bo, visit, "no")
    hospital.clock.move(days=1)
    page = await (await hospital.staff(STRANGER)).get("/feedback")
    assert page.status == 200
    assert "Lindqvist" not in page.text
    for who in (NOOR, ADA):
        assert (await (await hospital.staff(who)).get("/feedback")).status == 403


async def test_administrators_see_counts_only(hospital: Hospital) -> None:
    visit, amara, bo = await over(hospital)
    await says(bo, visit, "no", "sound", "waiting")
    page = (await (await hospital.staff(ADA)).get("/feedback/counts")).text
    cells = re.findall(r'<th scope="row">([^<]+)</th><td class="figures">(\d+)</td>', page)
    assert dict(cells) == {
        "It worked": "0",
        "It worked partly": "0",
        "It did not work": "1",
        "Sound": "1",
        "Picture": "0",
        "Understanding": "0",
        "Waiting time": "1",
        "Something else": "0",
    }
    assert not re.search("Lindqvist|Diallo", page)
    for who in (amara, await hospital.staff(NOOR)):
        assert (await who.get("/feedback/counts")).status == 403
    assert "feedback:count" in hospital.actions()
