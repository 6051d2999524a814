"""The papers of a visit: the patient's summary and the specialist's signed note, as PDF."""

import io
from pathlib import Path

from pypdf import PdfReader

from tests.integration.storage.cast import AMARA, BO, HOSPITAL, NOOR
from tests.integration.web.hospital import STRANGER, Hospital, Person, hospital_at
from tests.integration.web.journeys import booked, opened
from tests.integration.web.test_after_the_visit import over


async def printed(person: Person, path: str) -> tuple[PdfReader, str]:
    """The paper behind an address, and its words in one line."""
    async with person.client.get(path) as answer:
        assert (answer.status, answer.content_type) == (200, "application/pdf")
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Disposition"].startswith("inline; filename=")
        made = PdfReader(io.BytesIO(await answer.read()))
    return made, " ".join(" ".join(page.extract_text() for page in made.pages).split())


async def test_the_patient_keeps_what_was_agreed_and_nothing_else_of_the_note(hospital: Hospital) -> None:
    visit, _, bo = await over(hospital)
    following = await booked(hospital, 49)
    page = (await bo.get(f"/v/{visit}/after?lang=en")).text
    assert f'href="/v/{visit}/summary?lang=en"' in page
    made, words = await printed(bo, f"/v/{visit}/summary?lang=en")
    assert made.trailer["/Root"]["/Lang"] == "en"
    for told in (
        BO.name.full,
        AMARA.display,
        HOSPITAL.name,
        HOSPITAL.phone,
        "You will have another visit by video.",
        "When: 2 weeks",
        "Amoxicillin 3 times a day",
        "Drink a lot",
        "Your next visit",
    ):
        assert told in words.replace("\u2068", "").replace("\u2069", ""), told
    assert following["visit"] not in words
    assert not any(told in words for told in ("mine closed", "Crackles", "pneumonia"))
    entries = list(hospital.units.tables.entries.values())
    assert [each.reason for each in entries if each.actor_id == BO.id][-1] == "agreed"


async def test_it_speaks_the_language_of_the_page_and_says_whose_the_doctors_may_be(built: Path) -> None:
    async with hospital_at(built, languages=("en", "es")) as hospital:
        visit, _, bo = await over(hospital)
        made, words = await printed(bo, f"/v/{visit}/summary?lang=es")
    assert made.trailer["/Root"]["/Lang"] == "es"
    assert "Lo que escribió el médico puede estar en inglés." in words


async def test_before_signing_there_is_no_paper(hospital: Hospital) -> None:
    visit, amara, bo = await over(hospital, signed=False)
    assert (await bo.get(f"/v/{visit}/summary?lang=en")).status == 404
    unsigned = await amara.get(f"/clinic-note/{visit}/paper")
    assert (unsigned.status, "Sign the note first" in unsigned.text) == (409, True)
    assert (await (await hospital.visitor()).get(f"/v/{visit}/summary")).status == 401


async def test_another_browser_of_the_same_link_gets_none(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    visit, first, second = appointment["visit"], *[await opened(hospital, appointment) for _ in range(2)]
    for step in ("consent", "wait"):
        assert (await first.post(f"/api/v1/my/{visit}/{step}")).status == 200
    assert [(await each.get(f"/v/{visit}/summary")).status for each in (first, second)] == [404, 409]


async def test_the_specialist_prints_the_whole_signed_note(hospital: Hospital) -> None:
    visit, amara, bo = await over(hospital)
    added = await amara.post(f"/api/v1/visits/{visit}/note/addenda", {"text": "Rang the pharmacy."})
    assert added.status == 200
    _, words = await printed(amara, f"/clinic-note/{visit}/paper")
    words = words.replace("\u2068", "").replace("\u2069", "")
    told = ("born 17 Apr 1961", "Cough since the mine closed", "Crackles on the left", "Probably pneumonia")
    assert BO.name.listed in words
    assert [
        each for each in (*told, "Drink a lot", "Rang the pharmacy.", "version 2") if each not in words
    ] == []
    assert hospital.actions()[-1] == "note:read"
    statuses = [
        (await each.get(f"/clinic-note/{visit}/paper")).status
        for each in (await hospital.staff(NOOR), await hospital.staff(STRANGER), bo, await hospital.visitor())
    ]
    assert statuses == [403, 404, 303, 303]


async def test_papers_are_set_a_few_a_minute_for_each_reader(hospital: Hospital) -> None:
    visit, amara, bo = await over(hospital, signed=False)
    for reader, path in ((bo, f"/v/{visit}/summary"), (amara, f"/clinic-note/{visit}/paper")):
        answers = [(await reader.get(path)).status for _ in range(21)]
        assert (429 in answers[:20], answers[20]) == (False, 429)
