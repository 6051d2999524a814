"""Booking for somebody new: the time first, then who it is; patient and visit are written together or not."""

import re
from html import unescape
from typing import Any

from tests.integration.storage.cast import BO, CARDIOLOGY
from tests.integration.web.hospital import ADA, AMARA, Hospital, Person

TIMES = f"/book?new=true&service={CARDIOLOGY.id}&practitioner={AMARA.id}"
WHO = {"given": "Rita", "family": "Newly", "birth_date": "1980-02-03", "phone": "+34600111222", "zone": "UTC"}


def kept(text: str) -> dict[str, Any]:
    form = text.partition('action="/book/new"')[2]
    found = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in found if name != "csrf"}


async def chosen(person: Person) -> dict[str, Any]:
    """The first free time, in the form that asks who it is."""
    times = await person.get(TIMES)
    link = unescape(re.findall(r'href="(/book\?[^"]+start=[^"]+)"', times.text)[0])
    assert "new=true" in link
    return kept((await person.get(link)).text)


async def test_the_time_is_chosen_first_and_both_are_written_by_one_press(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    assert 'href="/book?new=true"' in (await amara.get("/book")).text
    fields, before = await chosen(amara), len(hospital.units.tables.patients)
    done = [await amara.form("/book/new", fields | WHO) for _ in range(2)]
    assert [each.status for each in done] == [200, 200]
    links = [re.findall(r"/v\?lang=en#[\w-]{43}", each.text) for each in done]
    assert links[0] == links[1] != []
    assert "Rita Newly" in done[0].text
    assert len(hospital.units.tables.patients) == before + 1
    assert len(hospital.units.tables.appointments) == 1


async def test_a_time_taken_meanwhile_leaves_nobody_behind_and_nothing_typed_is_lost(
    hospital: Hospital,
) -> None:
    amara, other = await hospital.staff(AMARA), await hospital.staff(AMARA)
    mine, theirs = await chosen(amara), await chosen(other)
    taken = {"patient_id": BO.id} | {
        name: theirs[name] for name in ("once", "service_id", "practitioner_id", "start")
    }
    assert (await other.form("/book", taken)).status == 200
    before = len(hospital.units.tables.patients)
    refused = await amara.form("/book/new", mine | WHO)
    assert refused.status == 409
    assert "has just been taken" in refused.text
    assert len(hospital.units.tables.patients) == before
    assert 'value="Rita"' in refused.text
    again = kept(refused.text) | {"start": re.findall(r'<option value="(\d{4}-[^"]+)"', refused.text)[0]}
    assert again["start"] != mine["start"]
    assert (await amara.form("/book/new", again | WHO)).status == 200
    assert len(hospital.units.tables.patients) == before + 1


async def test_what_is_wrong_about_the_person_is_said_at_its_field(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    fields, before = await chosen(amara), len(hospital.units.tables.patients)
    refused = await amara.form("/book/new", fields | WHO | {"phone": "12"})
    assert refused.status == 422
    assert "Write the phone as +15551234." in refused.text
    assert kept(refused.text)["start"] == fields["start"]
    assert (len(hospital.units.tables.patients), len(hospital.units.tables.appointments)) == (before, 0)


async def test_with_anybody_each_time_stands_there_once(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    times = (await amara.get(f"/book?new=true&service={CARDIOLOGY.id}")).text
    starts = re.findall(r'href="/book\?[^"]+start=([^"]+)"', times)
    assert len(starts) == len(set(starts)) > 0


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    fields = await chosen(await hospital.staff(AMARA))
    ada, before = await hospital.staff(ADA), len(hospital.units.tables.patients)
    assert (await ada.get(TIMES)).status == 403
    assert (await ada.form("/book/new", fields | WHO)).status == 403
    assert len(hospital.units.tables.patients) == before
