"""/settings: keys, sounds and notices are kept with the account, and the clinic's page follows them."""

import re

from tests.integration.storage.cast import AMARA, NOOR
from tests.integration.web.hospital import Hospital

USUAL = {
    "sign": "Control+Enter",
    "sign_next": "",
    "admit_next": "Alt+Shift+N",
    "mute": "Alt+Shift+M",
    "camera": "Alt+Shift+V",
    "jump": "Alt+Shift+J",
    "question_mark": "on",
    "sounds": "on",
    "notices": "on",
}


async def test_chosen_keys_stand_on_the_buttons_and_in_the_list_of_keys(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    assert 'aria-keyshortcuts="Alt+Shift+M"' in (await amara.get("/clinic")).text
    done = await amara.form("/settings", USUAL | {"mute": "Control+Alt+Shift+K", "camera": ""})
    assert (done.status, done.headers["Location"]) == (303, "/settings?done=kept")
    clinic = (await amara.get("/clinic")).text
    assert 'aria-keyshortcuts="Control+Alt+Shift+K" title="Ctrl+Alt+Shift+K"' in clinic
    assert "Alt+Shift+V" not in clinic
    assert "<kbd>Ctrl+Alt+Shift+K</kbd>" in (await amara.get("/clinic-controls")).text
    assert 'value="Control+Alt+Shift+K" selected' in (await amara.get("/settings?done=kept")).text
    assert "account:preferences:change" in hospital.actions()


async def test_the_question_mark_the_sound_and_the_notice_can_be_turned_off(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    before = (await amara.get("/clinic")).text
    assert 'aria-keyshortcuts="?"' in before
    assert not {"data-silent", "data-unnoticed"} & set(before.split('data-me="')[1].split(">")[0].split())
    chosen = {name: value for name, value in USUAL.items() if value != "on"}
    assert (await amara.form("/settings", chosen)).status == 303
    after = (await amara.get("/clinic")).text
    assert 'aria-keyshortcuts="?"' not in after
    assert {"data-silent", "data-unnoticed"} <= set(after.split('data-me="')[1].split(">")[0].split())
    assert "<kbd>?</kbd>" not in (await amara.get("/clinic-controls")).text


async def test_a_conflict_comes_back_in_words_with_what_was_chosen(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    refused = await amara.form("/settings", USUAL | {"mute": "Alt+Shift+V", "sounds": "on"})
    assert refused.status == 422
    assert refused.text.count("Another action has these keys too. Give each its own.") >= 2
    assert 'id="mute-error"' in refused.text
    assert refused.text.count('value="Alt+Shift+V" selected') == 2
    assert 'aria-keyshortcuts="Alt+Shift+M"' in (await amara.get("/clinic")).text


async def test_everybody_has_keys_of_their_own_and_a_stranger_none(hospital: Hospital) -> None:
    amara, noor = await hospital.staff(AMARA), await hospital.staff(NOOR)
    await amara.form("/settings", USUAL | {"mute": "Alt+Shift+K"})
    chosen = re.compile('value="Alt.Shift.([KM])" selected')
    assert [chosen.findall((await each.get("/settings")).text) for each in (amara, noor)] == [["K"], ["M"]]
    nobody = await hospital.visitor()
    assert (await nobody.get("/settings")).headers["Location"].startswith("/sign-in")
