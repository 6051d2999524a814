"""/note-history/{visit}: every version of a signed note, by whom, when and why, with what it changed."""

import re
from dataclasses import replace

from telehealth.domain.audit import AuditAction
from tests.integration.storage.cast import AMARA, BO
from tests.integration.web.hospital import ADA, STRANGER, Hospital
from tests.integration.web.journeys import CONFIRMED, in_call
from tests.integration.web.test_wrong_patient import NOTE, WHY, two_visits


def versions(page: str) -> list[str]:
    """What stands of each version, newest first, without markup."""
    found = re.findall(r'<li class="card">(.*?)</li>', page, re.DOTALL)
    return [
        " ".join(re.sub(r"<(ins|del)>|<[^>]+>", r"<\1>", each).replace("<>", " ").split()) for each in found
    ]


async def test_every_version_says_what_it_was_and_what_it_added(hospital: Hospital) -> None:
    bos, _, amara, _ = await two_visits(hospital)
    added, signed = versions((await amara.get(f"/note-history/{bos}")).text)
    assert "Version 1 · Signed" in signed
    assert f"23 Nov 2026, 10:01 · {AMARA.display}" in signed
    assert re.search(r"History Palpitations\. Plan Rest\. Outcome No follow-up", signed)
    assert "<ins>" not in signed
    assert "Version 2 · Addendum" in added
    assert re.search(r"Addendum 1 <ins> \(Added: Also dizzy\.", added)
    assert "Palpitations." not in added


async def test_a_withdrawal_has_its_reason_and_what_was_filed_elsewhere_is_no_addendum(
    hospital: Hospital,
) -> None:
    bos, cys, amara, _ = await two_visits(hospital)
    await amara.form(f"/wrong-patient/{bos}", {"to": cys, "why": WHY})
    gone = versions((await amara.get(f"/note-history/{bos}")).text)
    assert [each.partition("·")[0].strip() for each in gone] == ["Version 3", "Version 2", "Version 1"]
    assert "Taken out of the record" in gone[0]
    assert WHY in gone[0]
    assert "The text is the same as before." in gone[0]
    (moved,) = versions((await amara.get(f"/note-history/{cys}")).text)
    assert "Version 1 · Moved here from another record" in moved
    assert "Palpitations." in moved
    assert "Also dizzy." in moved
    assert WHY not in moved


async def test_the_newest_fifty_are_told_whole(hospital: Hospital) -> None:
    bos, _, amara, _ = await two_visits(hospital)
    for at in range(50):
        await amara.post(f"/api/v1/visits/{bos}/note/addenda", {"text": f"More {at}."})
        hospital.clock.move(seconds=61)
    page = (await amara.get(f"/note-history/{bos}")).text
    found = versions(page)
    assert len(found) == 50
    assert "Only the newest 50 are shown." in page
    assert all(each.count("<ins>") == 1 for each in found)


async def test_before_the_signature_there_is_nothing(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    assert "Nothing is signed yet." in (await amara.get(f"/note-history/{visit}")).text
    await amara.post(f"/api/v1/visits/{visit}/admit")
    await amara.put(f"/api/v1/visits/{visit}/confirmation", CONFIRMED)
    await amara.put(f"/api/v1/visits/{visit}/note", NOTE)
    page = (await amara.get(f"/note-history/{visit}")).text
    assert "Nothing is signed yet." in page
    assert "Palpitations." not in page


async def test_it_is_an_entry_that_the_patient_is_told_of(hospital: Hospital) -> None:
    bos, _, amara, _ = await two_visits(hospital)
    await amara.get(f"/note-history/{bos}")
    last = list(hospital.units.tables.entries.values())[-1]
    assert (last.action, last.patient_ids, last.entity_id, last.reason) == (
        AuditAction.NOTE_READ,
        (BO.id,),
        bos,
        "every version",
    )


async def test_what_was_typed_stays_text(hospital: Hospital) -> None:
    bos, _, amara, _ = await two_visits(hospital)
    await amara.post(f"/api/v1/visits/{bos}/note/addenda", {"text": "<b>5 < 6 & 'so'</b>\nSecond line"})
    page = (await amara.get(f"/note-history/{bos}")).text
    assert "&lt;b&gt;5 &lt; 6 &amp; &#39;so&#39;&lt;/b&gt;\nSecond line" in page


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    bos, _, _, _ = await two_visits(hospital)
    for asking, status in ((STRANGER, 404), (ADA, 403)):
        person = await hospital.staff(asking)
        assert (await person.get(f"/note-history/{bos}")).status == status


async def test_what_a_version_took_away_is_struck_through_and_said(hospital: Hospital) -> None:
    """Nothing takes words out of a filed note today; a record that was changed elsewhere shows it."""
    bos, _, amara, _ = await two_visits(hospital)
    kept = hospital.units.tables.resources
    key = next(key for key, each in kept.items() if (each.type, each.version) == ("Composition", 2))
    kept[key] = replace(kept[key], text=kept[key].text.replace("Palpitations.", "No palpitations."))
    (told, _) = versions((await amara.get(f"/note-history/{bos}")).text)
    assert "<del> (Removed: Palpitations. ) <ins> (Added: No palpitations. )" in told
