"""/book and /patients/new: from the patient to the visit link with plain forms and links."""

import re
from html import unescape
from typing import Any

from tests.integration.storage.cast import BO, CARDIOLOGY, CY, NOOR
from tests.integration.web.hospital import ADA, AMARA, STRANGER, Hospital, Person

AMARAS = f"/book?patient={BO.id}&service={CARDIOLOGY.id}&practitioner={AMARA.id}"


def hidden(text: str) -> dict[str, Any]:
    form = text.partition('action="/book"')[2]
    return {
        name: unescape(value)
        for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form)
        if name != "csrf"
    }


async def to_confirmation(person: Person) -> dict[str, Any]:
    times = await person.get(AMARAS)
    link = unescape(re.findall(r'href="(/book\?[^"]+start=[^"]+)"', times.text)[0])
    checked = await person.get(link)
    assert "Check and book" in checked.text, checked.text
    return hidden(checked.text)


async def test_a_visit_is_booked_with_links_and_forms_only(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    found = await amara.form("/book/search", {"family": BO.name.family, "birth_date": "1961-04-17"})
    assert f"/book?patient={BO.id}" in found.text
    choice = await amara.get(f"/book?patient={BO.id}")
    assert "Heart consultation" in choice.text
    fields = await to_confirmation(amara)
    done = await amara.form("/book", fields)
    assert done.status == 200
    assert re.search(r"http://clinic\.example/v\?lang=sv#[\w-]{43}", done.text)
    visit = re.findall(r'href="/messages/([^"]+)"', done.text)[0]
    assert all(f'href="/{way}/{visit}"' in done.text for way in ("move", "cancel"))


async def test_loading_the_confirmation_again_books_once(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    fields = await to_confirmation(amara)
    first, second = await amara.form("/book", fields), await amara.form("/book", fields)
    links = [re.findall(r"/v\?lang=sv#[\w-]{43}", each.text) for each in (first, second)]
    assert links[0] == links[1] != []
    assert len(hospital.units.tables.appointments) == 1


async def test_a_time_taken_meanwhile_shows_the_times_again(hospital: Hospital) -> None:
    amara, other = await hospital.staff(AMARA), await hospital.staff(AMARA)
    mine, theirs = await to_confirmation(amara), await to_confirmation(other)
    assert (await other.form("/book", theirs)).status == 200
    refused = await amara.form("/book", mine)
    assert refused.status == 409
    assert "has just been taken" in refused.text
    assert "Free times" in refused.text


async def test_a_search_without_enough_to_go_by_says_what_is_missing(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    refused = await amara.form("/book/search", {"family": "Lindqvist-Ødegaard"})
    assert refused.status == 422
    assert "the family name with the birth date" in refused.text
    assert 'value="Lindqvist-Ødegaard"' in refused.text


async def test_nothing_that_was_typed_about_a_person_stands_in_an_address(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    found = await amara.form("/book/search", {"phone": BO.phone})
    assert not [link for link in re.findall(r'href="([^"]+)"', found.text) if "46701740605" in link]


async def test_a_new_patient_is_registered_and_booked_on(hospital: Hospital) -> None:
    noor = await hospital.staff(NOOR)
    shown = await noor.get("/patients/new")
    once = re.findall(r'name="once" value="(\w+)"', shown.text)[0]
    fields = {
        "once": once, "given": "José", "family": "Ñandú", "birth_date": "1980-01-02", "gender": "male",
        "phone": "+34600123123", "email": "", "language": "es", "zone": "Europe/Madrid",
        "interpreter": "true", "identifier_system": "", "identifier_value": "",
    }  # fmt: skip
    done, again = await noor.form("/patients/new", fields), await noor.form("/patients/new", fields)
    assert done.status == again.status == 303
    assert done.headers["Location"] == again.headers["Location"]
    assert "José Ñandú" in (await noor.get(done.headers["Location"])).text


async def test_a_form_with_mistakes_comes_back_as_it_was_typed(hospital: Hospital) -> None:
    noor = await hospital.staff(NOOR)
    fields = {
        "given": "<b>Eve",
        "family": "",
        "birth_date": "2.1.1980",
        "phone": "+34600123123",
        "zone": "UTC",
        "language": "en",
    }
    refused = await noor.form("/patients/new", fields)
    assert refused.status == 422
    assert 'value="&lt;b&gt;Eve"' in refused.text
    assert 'aria-invalid="true" aria-describedby="birth_date-error"' in refused.text


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    # Cy belongs to the rural clinic: for the hospital there is no such patient.
    stranger = await hospital.staff(STRANGER)
    foreign = await stranger.get(f"/book?patient={CY.id}")
    random = await stranger.get("/book?patient=019a0000-0000-7000-8000-000000000000")
    assert foreign.status == random.status == 404
    assert (await (await hospital.staff(ADA)).get("/book")).status in {200, 403}
    assert (await (await hospital.staff(ADA)).form("/book/search", {"phone": BO.phone})).status == 403


async def test_later_days_go_on_where_these_end(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    seen: list[str] = []
    path = AMARAS
    for _ in range(3):
        shown = await amara.get(path)
        seen += re.findall(r'<h3[^>]*><time datetime="([^"]+)"', shown.text)
        path = unescape(re.findall(r'href="(/book\?[^"]+day=[^"]+)"', shown.text)[0])
    assert seen == [f"2026-11-{day}" for day in range(23, 31)] + ["2026-12-01"]


async def test_a_link_leads_to_each_day_and_back_without_scripts(hospital: Hospital) -> None:
    shown = (await (await hospital.staff(AMARA)).get(AMARAS)).text
    jumps = re.findall(
        r'<li><a href="#([^"]+)">[^<]+ November 2026</a> <span class="hint">(\d+) free times', shown
    )
    assert [place for place, _ in jumps] == [f"day-2026-11-{day}" for day in (23, 24, 25)]
    days = shown.split('<h3 id="')[1:]
    told = [(day.partition('"')[0], str(day.count("start="))) for day in days]
    assert told == jumps
    assert shown.count('href="#times-title"') == 3
    assert 'id="times-title"' in shown


async def test_where_no_time_is_free_the_next_free_day_is_a_press_away(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    for day in range(2, 8):
        del hospital.units.tables.hours[f"hours-{day}"]
    none = (await amara.get(f"{AMARAS}&day=2026-11-24")).text
    assert "No time is free from Tuesday, 24 November 2026 to Thursday, 26 November 2026." in none
    link = re.findall(r'href="([^"]+)">Go to the next free day: Monday, 30 November 2026', none)[0]
    assert '<h3 id="day-2026-11-30">' in (await amara.get(unescape(link))).text
    hospital.units.tables.hours.clear()
    never = (await amara.get(AMARAS)).text
    assert "There is none in the two months after that, either." in never
    assert "Go to the next free day" not in never
