"""The waiting room without scripts, the parts that pages fetch, and the clinic's state in the list."""

from tests.integration.web.hospital import Hospital
from tests.integration.web.journeys import waiting


async def test_without_scripts_the_page_says_the_same(hospital: Hospital) -> None:
    visit, amara, bo = await waiting(hospital)
    await amara.put("/api/v1/clinic/late", {"minutes": 15, "reason": "longer"})
    await amara.post(f"/api/v1/visits/{visit}/messages", {"prepared": "medicines"})
    await amara.post(f"/api/v1/visits/{visit}/messages", {"text": "Ta med <EKG>.", "language": "sv"})
    shown = (await bo.get(f"/v/{visit}?lang=en")).text
    plain = shown.partition('class="plain"')[2].partition("</section>")[0]
    for words in (
        "You are next",
        "We cannot say yet how long you will wait.",
        "The clinic is running 15 minutes late.",
        "The doctor needs a little longer.",
        "You will not lose your place if you close this page.",
        "Please have your medicines with you.",
        'lang="sv">Ta med &lt;EKG&gt;.',
        "Text me when it is my turn",
    ):
        assert words in plain, words
    await amara.post("/api/v1/clinic/pause", {"reason": "break"})
    paused = (await bo.get(f"/v/{visit}?lang=en")).text
    assert "The clinic has a pause. You keep your place." in paused
    assert "The doctor is having a short break." in paused
    assert "how long you will wait" not in paused.partition('class="plain"')[2].partition("</section>")[0]


async def test_without_scripts_a_message_can_be_asked_for(hospital: Hospital) -> None:
    visit, _, bo = await waiting(hospital)
    for wanted, word in (("true", "wanted"), ("false", "no")):
        answer = await bo.form(f"/v/{visit}/text-me?lang=en", {"wanted": wanted})
        assert (answer.status, answer.headers["Location"]) == (303, f"/v/{visit}?lang=en")
        assert (await bo.get(f"/api/v1/my/{visit}")).json["text_me"] == word


async def test_the_part_of_the_waiting_room_is_there_for_everybody_and_says_nothing_of_anybody(
    hospital: Hospital,
) -> None:
    part = await (await hospital.visitor()).get("/v/waiting?lang=en")
    assert part.status == 200
    assert "From the clinic" in part.text
    assert "Text me when it is my turn" in part.text
    assert "Lindqvist" not in part.text


async def test_who_is_asked_to_keep_the_page_open_is_told_that_nothing_is_lost_if_it_closes(
    hospital: Hospital,
) -> None:
    part = (await (await hospital.visitor()).get("/v/waiting?lang=en")).text
    view = part.partition('data-view="wait"')[2].partition("</section>")[0]
    assert "Please keep this page open. <strong>If it closes, you keep your place.</strong>" in view
    assert view.count("keep this page open") == 1


async def test_the_specialists_page_says_that_the_clinic_is_paused_and_late(hospital: Hospital) -> None:
    _, amara, bo = await waiting(hospital)
    await amara.put("/api/v1/clinic/late", {"minutes": 20, "reason": "emergency"})
    await amara.post("/api/v1/clinic/pause", {"reason": "technical"})
    shown = (await amara.get("/clinic")).text
    assert "The clinic is paused: a technical problem." in shown
    assert "You said: 20 min late, an emergency." in shown
    assert 'data-late="20"' in shown
    controls = await amara.get("/clinic-controls")
    assert "Tell who waits" in controls.text
    assert "They may still be testing camera and microphone." in controls.text
    assert "Please have your medicines with you." in controls.text
    assert (await bo.get("/clinic-controls")).status in {303, 401}
