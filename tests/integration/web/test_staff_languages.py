"""In which language members of staff are answered: the browser's, the link's on the page, the account's."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.integration.storage.cast import AMARA, BO
from tests.integration.web.hospital import ADA, PIA, Hospital, hospital_at
from tests.integration.web.journeys import waiting
from tests.integration.web.test_series_api import body
from tests.integration.web.test_series_pages import ASKED

SPANISH = {"Accept-Language": "es-MX,es;q=0.9"}


@pytest.fixture
async def hospital(built: Path) -> AsyncIterator[Hospital]:
    """The hospital where three languages are spoken."""
    async with hospital_at(built, languages=("en", "es", "ar")) as door:
        yield door


async def test_before_sign_in_the_browser_decides_and_a_link_changes_it(hospital: Hospital) -> None:
    nobody = await hospital.visitor()
    shown = await nobody.get("/sign-in?next=/clinic", headers=SPANISH)
    assert '<html lang="es" dir="ltr">' in shown.text
    assert "Iniciar sesión" in shown.text
    link = re.findall(r'<a href="([^"]+)" lang="en"', shown.text)[0].replace("&amp;", "&")
    assert link == "?next=/clinic&lang=en"
    assert '<html lang="en" dir="ltr">' in (await nobody.get(f"/sign-in{link}", headers=SPANISH)).text


async def test_the_account_decides_whatever_the_browser_asks_for(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    assert '<html lang="en"' in (await amara.get("/account")).text
    kept = await amara.form("/account/language", {"language": "es"})
    assert (kept.status, kept.headers["Location"]) == (303, "/account?done=language")
    assert (
        '<html lang="es" dir="ltr">' in (await amara.get("/clinic", headers={"Accept-Language": "en"})).text
    )
    wrong = await amara.form(
        "/account/password", {"password": "wrong", "new_password": "seven loud sparrows"}
    )
    assert "Esa contraseña no es correcta." in wrong.text


async def test_a_problem_tells_people_in_their_language_and_programs_in_english(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    refused = await amara.get("/api/v1/visits/nothing", headers=SPANISH)
    assert (refused.json["title"], refused.json["code"]) == ("Not Found", "not-found")
    assert refused.json["detail"] == "Aquí no hay nada."
    long = await amara.post("/api/v1/patients/search", {"family": "x" * 999}, headers=SPANISH)
    assert re.match(r"Como máximo \d+ caracteres", long.json["errors"][0]["detail"])


async def test_an_invitation_speaks_the_language_that_was_chosen(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    sent = {
        "role": "coordinator",
        "given": "Lea",
        "email": "lea@hospital.example",
        "language": "es",
        "once": "k" * 16,
    }
    told = await ada.form("/people", sent)
    door = re.findall(r"/invitation\?lang=es", told.text)[0]
    lea = await hospital.visitor()
    assert "Pegue aquí el enlace completo" in (await lea.get(door)).text


async def test_a_list_has_the_comma_of_its_readers_language(hospital: Hospital) -> None:
    visit, amara, _ = await waiting(hospital)
    await amara.form("/account/language", {"language": "ar"})
    for path in ("/clinic", f"/clinic/{visit}", f"/move/{visit}", f"/book?patient={BO.id}"):
        page = await amara.get(path)
        words = re.sub(r"<style.*?</style>|<[^>]+>", "", page.text, flags=re.DOTALL)
        assert "Lindqvist" in words
        assert "\N{ARABIC COMMA} " in words
        assert ", " not in words
    row = (await amara.get("/api/v1/clinic")).json["rows"][0]
    assert row["patient"]["listed"] == BO.name.listed_with("\N{ARABIC COMMA} ")


async def test_specialties_and_who_acted_are_said_in_words(hospital: Hospital) -> None:
    amara, ada, pia = [await hospital.staff(each) for each in (AMARA, ADA, PIA)]
    for person in (amara, ada, pia):
        await person.form("/account/language", {"language": "es"})
    for page in (await ada.get("/people"), await amara.get(f"/book?patient={BO.id}")):
        assert "Cardiología" in page.text
        assert "cardiology" not in page.text.replace("svc-cardiology", "")
    assert "\N{FIRST STRONG ISOLATE}Heart consultation\N{POP DIRECTIONAL ISOLATE} · 20 min" in page.text
    entries = hospital.units.tables.entries
    last = max(entries.values(), key=lambda entry: entry.at)
    for kind in ("staff", "visitor", "guest", "system"):
        entries[kind] = replace(last, id=kind, actor_kind=kind, actor_id="nobody", actor_role="")
    log = (await pia.get("/audit")).text
    for said in ("Miembro del personal", "Paciente", "Persona invitada", "El propio sistema"):
        assert f"<bdi>{said}</bdi>" in log


async def test_a_specialty_that_has_no_word_stands_as_it_was_typed(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    sent = {"role": "specialist", "given": "Lev", "email": "lev@hospital.example", "once": "k" * 16}
    await ada.form("/people", sent | {"specialty": "Tropical <medicine>"})
    assert "<bdi>Tropical &lt;medicine&gt;</bdi>" in (await ada.get("/people")).text


async def test_a_free_visit_of_a_series_has_no_reason_in_any_language(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    await amara.form("/account/language", {"language": "es"})
    seen = await amara.form("/book/series/look", ASKED)
    assert seen.text.count('<span class="tag ok">Libre</span>') == 3
    told = await amara.post("/api/v1/series/preview", body())
    assert {each["detail"] for each in told.json["visits"]} == {""}
