"""/snippets: a clinician's own texts, kept by name, and filled in beside the note of a visit."""

from telehealth.domain.audit import AuditAction
from tests.integration.storage.cast import AMARA, BO
from tests.integration.web.hospital import ADA, STRANGER, Hospital
from tests.integration.web.journeys import in_call

TEXT = {"name": ".normal", "text": "{name} ({age}) is <well>,\r\n___ days."}


async def test_a_text_is_kept_and_stands_filled_in_beside_the_note(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    kept = await amara.form("/snippets", TEXT)
    assert (kept.status, kept.headers["Location"]) == (303, "/snippets?done=kept")
    page = (await amara.get("/snippets")).text
    assert "{name} ({age}) is &lt;well&gt;,\n___ days." in page
    part = (await amara.get(f"/clinic-aids/{visit}")).text
    assert f'<div hidden data-snippet="normal">{BO.name.full} (65) is &lt;well&gt;,\n___ days.</div>' in part


async def test_it_is_changed_and_taken_out(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    await amara.form("/snippets", TEXT)
    assert 'name="instead" value="normal"' in (await amara.get("/snippets?change=normal")).text
    await amara.form("/snippets", {"name": "fine", "text": "Fine.", "instead": "normal"})
    page = (await amara.get("/snippets")).text
    assert ".fine" in page
    assert ".normal" not in page
    assert (await amara.form("/snippets/remove", {"instead": "fine"})).status == 303
    assert (await amara.form("/snippets/remove", {"instead": "fine"})).status == 303
    assert "Fine." not in (await amara.get("/snippets")).text
    actions = [each.action for each in hospital.units.tables.entries.values()]
    assert actions.count(AuditAction.SNIPPET_KEPT) == 2
    assert actions.count(AuditAction.SNIPPET_REMOVED) == 1


async def test_what_cannot_be_is_said_beside_its_field_and_what_was_typed_stays(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    await amara.form("/snippets", TEXT)
    for sent, problem in (
        ({"name": "two words", "text": "Mine"}, "and _, up to 30 characters."),
        ({"name": "normal", "text": "Mine"}, "Another text has this name."),
    ):
        refused = await amara.form("/snippets", sent)
        assert refused.status == 422
        assert problem in refused.text
        assert ">Mine</textarea>" in refused.text


async def test_they_are_nobody_elses(hospital: Hospital) -> None:
    amara, other = await hospital.staff(AMARA), await hospital.staff(STRANGER)
    await amara.form("/snippets", TEXT)
    assert "{name}" not in (await other.get("/snippets")).text.partition("<form")[0]
    await other.form("/snippets/remove", {"instead": "normal"})
    assert ".normal" in (await amara.get("/snippets")).text


async def test_who_writes_no_notes_is_refused(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    assert (await ada.get("/snippets")).status == 403
    for path in ("/snippets", "/snippets/remove"):
        assert (await ada.form(path, TEXT)).status == 403
