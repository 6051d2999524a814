"""/organization: the administrator's switch for prepared calls."""

from tests.integration.storage.cast import AMARA, NOOR
from tests.integration.web.hospital import ADA, PIA, Hospital


async def test_the_switch_is_kept_and_shown(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    box = '<input type="checkbox" name="prepares" value="on" checked'
    assert box in (await ada.get("/organization")).text
    assert (await ada.form("/organization", {})).headers["Location"] == "/organization?done=kept"
    shown = (await ada.get("/organization?done=kept")).text
    assert "Saved." in shown
    assert box not in shown
    await ada.form("/organization", {"prepares": "on"})
    assert box in (await ada.get("/organization")).text
    assert hospital.actions().count("organization:preparing:change") == 2


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    for who in (AMARA, NOOR, PIA):
        person = await hospital.staff(who)
        assert (await person.get("/organization")).status == 403
        assert (await person.form("/organization", {"prepares": "on"})).status == 403
