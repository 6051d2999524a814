"""The waiting room as two patients and their doctor see it: places, pauses, messages, unseen arrivals."""

import pytest
from playwright.async_api import expect

from tests.journeys.booking import Booked
from tests.journeys.people import IN_CALL, LIVE, Patient, Specialist, meet

pytestmark = [pytest.mark.journey]
OWN = "Please have your blood test at hand."


async def test_the_second_moves_up_when_the_first_is_admitted(
    two: list[tuple[Booked, Patient]], specialist: Specialist
) -> None:
    (first, bo), (_, james) = two
    await bo.waits()
    await james.waits()
    before = await place_of(james)
    assert before == await place_of(bo) + 1
    await specialist.opens_visit(first.visit)
    await specialist.admits()
    await bo.looks_at("Picture of")
    await expect(james.page.locator('[data-view="wait"] [data-fill="place"]')).to_have_text(
        words_for(before - 1), timeout=LIVE
    )


async def test_an_invitation_half_written_makes_way_for_the_call_and_is_still_there_after(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await specialist.opens_visit(booked.visit)
    await patient.waits()
    await patient.presses("Invite someone")
    name = patient.page.get_by_label("Name of the person")
    await name.fill("Lina")
    await specialist.admits()
    await patient.looks_at("Picture of")
    await expect(patient.page.locator("dialog[open]")).to_have_count(0)
    await expect(name).to_have_value("Lina")


async def test_nothing_said_in_the_call_is_left_to_read_after_it(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await meet(specialist, patient, booked.visit)
    await patient.is_told("You are connected with", IN_CALL)
    await patient.presses("Leave")
    await patient.presses("Yes, leave the visit")
    await expect(patient.page.get_by_role("heading", name="You have left the visit")).to_be_visible()
    await expect(patient.page.locator("#live")).to_be_empty()


async def test_a_pause_is_seen_at_once_and_so_is_its_end(
    two: list[tuple[Booked, Patient]], specialist: Specialist
) -> None:
    people = [person for _, person in two]
    for person in people:
        await person.waits()
    await specialist.opens_clinic()
    await specialist.presses("Pause clinic")
    dialog = specialist.page.get_by_role("dialog")
    await dialog.get_by_label("Reason").select_option(label="an emergency")
    await dialog.get_by_role("button", name="Pause clinic").click()
    await specialist.reads("The clinic is paused: an emergency.")
    for person in people:
        await person.reads("The clinic has a pause. You keep your place.", LIVE)
        await person.reads("The doctor is helping somebody in an emergency.")
    await specialist.presses("Resume clinic")
    for person in people:
        await expect(person.words("The clinic has a pause")).to_have_count(0, timeout=LIVE)


async def test_messages_are_seen_at_once_and_once_after_a_reload(
    two: list[tuple[Booked, Patient]], specialist: Specialist
) -> None:
    (_, bo), (second, james) = two
    await bo.waits()
    await james.waits()
    await specialist.opens_clinic()
    await specialist.presses("Message all")
    await specialist.presses("Send message")
    await specialist.reads("Choose a message or write one.")
    await specialist.page.get_by_label("Please have your medicines with you.").check()
    await specialist.presses("Send message")
    await specialist.is_told("Message sent to")
    await specialist.reads("Message sent to")
    await specialist.row(second.visit).get_by_role("button", name="Message").click()
    await expect(specialist.page.get_by_role("radio", checked=True)).to_have_count(0)
    await specialist.page.get_by_role("textbox", name="Your message").fill(OWN)
    await specialist.presses("Send message")
    await bo.reads("Please have your medicines with you.", LIVE)
    await james.reads(OWN, LIVE)
    await james.page.reload()
    await james.reads(OWN, IN_CALL)
    assert (await james.words(OWN).count(), await bo.words(OWN).count()) == (1, 0)


async def test_an_arrival_is_told_in_a_background_window(
    two: list[tuple[Booked, Patient]], specialist: Specialist
) -> None:
    await specialist.context.grant_permissions(["notifications", "camera", "microphone"])
    await specialist.opens_clinic()
    page = specialist.page
    await page.evaluate(
        """() => {
            Object.defineProperty(document, "visibilityState", { get: () => "hidden" });
            window.told = [];
            window.Notification = class { constructor(words) { window.told.push(words); } close() {} };
            window.Notification.permission = "granted";
        }"""
    )
    await two[0][1].waits()
    await specialist.is_told("is in the waiting room", LIVE)
    assert await page.title() == "(1) Clinic today"
    assert await page.evaluate("window.told") == ["Somebody is in your waiting room."]


async def place_of(person: Patient) -> int:
    """The place that a patient reads: 1 is next."""
    words = await person.page.locator('[data-view="wait"] [data-fill="place"]').inner_text()
    return 1 if words == "You are next" else int("".join(each for each in words if each.isdigit()))


def words_for(place: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th") if place % 100 not in {11, 12, 13} else "th"
    return "You are next" if place == 1 else f"{place}{ending} in line"
