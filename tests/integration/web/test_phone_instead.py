"""Phone me instead: over the JSON API, and by a form where no script runs."""

import re

from tests.integration.storage.cast import AMARA, BO
from tests.integration.web.hospital import Hospital
from tests.integration.web.journeys import booked, in_call, opened, waiting

HINT = f"•••• {BO.phone[-4:]}"


async def test_the_clinic_reads_the_number_and_the_patient_what_will_happen(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    visit = appointment["visit"]
    bo, amara = await opened(hospital, appointment), await hospital.staff(AMARA)
    asked = await bo.post(f"/api/v1/my/{visit}/phone", {"number": "+46 70 174 06 99"})
    assert (asked.status, asked.json["status"], asked.json["call_on"]) == (200, "waiting", "+46 70 174 06 99")
    assert (asked.json["own_phone"], asked.json["consented"]) == (HINT, True)
    row = (await amara.get("/api/v1/clinic")).json["rows"][0]
    assert (row["device"], row["call_on"]) == ("phone", "+46 70 174 06 99")
    assert "+46 70 174 06 99" in (await amara.get("/clinic")).text
    admitted = await amara.post(f"/api/v1/visits/{visit}/admit")
    assert (admitted.json["status"], admitted.json["call_on"]) == ("in-progress", "+46 70 174 06 99")
    back = await bo.send("DELETE", f"/api/v1/my/{visit}/phone")
    assert (back.json["status"], back.json["call_on"]) == ("in-progress", "")


async def test_phoning_is_the_main_act_for_who_asks_for_it(hospital: Hospital) -> None:
    visit, amara, bo = await waiting(hospital)
    act = re.compile(r'<button type="button" class="button" data-do="(admit|phone)"[^>]*?( hidden)?>')
    for asks in (False, True):
        if asks:
            await bo.post(f"/api/v1/my/{visit}/phone", {"number": ""})
        row = (
            (await amara.get("/clinic")).text.partition(f'<tr data-visit="{visit}"')[2].partition("</tr>")[0]
        )
        shown = [name for name, hidden in act.findall(row) if not hidden]
        assert shown == ["phone" if asks else "admit"]


async def test_the_clinic_phones_who_does_not_come(hospital: Hospital) -> None:
    visit, amara = (await booked(hospital))["visit"], await hospital.staff(AMARA)
    phoned = await amara.post(f"/api/v1/visits/{visit}/phone")
    assert (phoned.json["status"], phoned.json["call_on"]) == ("in-progress", BO.phone)


async def test_a_wrong_number_is_named_and_changes_nothing(hospital: Hospital) -> None:
    visit, _, bo = await in_call(hospital)
    for number in ("none", "1" * 41):
        refused = await bo.post(f"/api/v1/my/{visit}/phone", {"number": number})
        assert (refused.status, refused.json["errors"][0]["field"]) == (422, "number")
    assert (await bo.get(f"/api/v1/my/{visit}")).json["call_on"] == ""
    assert (await bo.post(f"/api/v1/my/{visit}/device", {"state": "phone"})).status == 422


async def test_the_form_does_without_a_script(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    bo = await opened(hospital, appointment)
    page = f"/v/{appointment['visit']}"
    assert f'action="{page}/phone?lang=en"' in (await bo.get(page)).text
    wrong = await bo.form(f"{page}/phone", {"number": "none"})
    assert wrong.status == 422
    assert "Please check the number" in wrong.text
    asked = await bo.form(f"{page}/phone", {"number": ""})
    assert (asked.status, asked.headers["Location"]) == (303, f"{page}?lang=en")
    shown = (await bo.get(page)).text
    assert HINT in shown
    assert BO.phone not in shown
    assert (await bo.form(f"{page}/phone/drop", {})).status == 303
    assert "The clinic will call you" not in (await bo.get(page)).text.partition("data-view")[0]
