"""/people, /resets and /invitation: people come in by a link, a password and an authenticator."""

import re

from telehealth.crypto.totp import code_at, step_of
from tests.integration.storage.cast import AMARA, NOOR, VILLAGE, WARD
from tests.integration.web.hospital import ADA, INES, PIA, Hospital, Person
from web.keys import SERVICES

NEW = {
    "role": "specialist",
    "given": "Lea",
    "family": "Brandt",
    "title": "Dr",
    "specialty": "dermatology",
    "email": "lea@hospital.example",
}


async def invited(ada: Person) -> str:
    sent = await ada.form("/people", NEW)
    assert sent.status == 200, sent.text
    return re.findall(r">http://clinic\.example(/invitation#[\w-]{43})</textarea>", sent.text)[0]


async def test_an_invited_person_sets_a_password_and_an_authenticator_and_signs_in(
    hospital: Hospital,
) -> None:
    link = await invited(await hospital.staff(ADA))
    lea = await hospital.visitor()
    assert "The link from your message" in (await lea.get("/invitation")).text
    token = link.rpartition("#")[2]
    looked = await lea.form("/invitation/look", {"token": token})
    assert "<svg" in looked.text
    seed = re.findall(r'dir="ltr">([A-Z2-7 ]+)</code>', looked.text)[0].replace(" ", "")
    code = code_at(seed, step_of(hospital.clock.at))
    done = await lea.form("/invitation", {"token": token, "password": "quiet herons at dawn", "code": code})
    assert done.status == 200, done.text
    assert len(re.findall(r"<li><code>[^<]+</code></li>", done.text)) == 10
    sent = await lea.form("/sign-in", {"email": "lea@hospital.example", "password": "quiet herons at dawn"})
    assert sent.headers["Location"] == "/sign-in/code"


async def test_a_form_pressed_twice_invites_once_and_shows_the_same_link(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    key = re.findall(r'name="once" value="(\w{32})"', (await ada.get("/people")).text)[-1]
    pressed = [await ada.form("/people", NEW | {"once": key}) for _ in range(2)]
    assert [each.status for each in pressed] == [200, 200]
    links = {re.findall(r"/invitation#[\w-]{43}", each.text)[0] for each in pressed}
    assert len(links) == 1
    assert (await ada.get("/people")).text.count(NEW["email"]) == 1
    other = await ada.form("/people", NEW | {"once": key, "email": "other@hospital.example"})
    assert other.status == 422


async def test_a_weak_password_shows_the_same_page_with_the_reason(hospital: Hospital) -> None:
    link = await invited(await hospital.staff(ADA))
    lea = await hospital.visitor()
    refused = await lea.form("/invitation", {"token": link, "password": "short", "code": "123456"})
    assert refused.status == 422
    assert "at least 12 characters" in refused.text
    assert "<svg" in refused.text
    assert "short" not in re.findall(r'value="([^"]*)"', refused.text)


async def test_a_used_or_made_up_link_opens_nothing(hospital: Hospital) -> None:
    nobody = await hospital.visitor()
    answers = [await nobody.form("/invitation/look", {"token": "x" * 43}) for _ in range(2)]
    assert {each.status for each in answers} == {404}
    assert "This link is not good any more." in answers[0].text


async def test_the_list_shows_who_was_invited_and_closing_ends_access(hospital: Hospital) -> None:
    ada, amara = await hospital.staff(ADA), await hospital.staff(AMARA)
    await invited(ada)
    assert "Invited" in (await ada.get("/people")).text
    closed = await ada.form(f"/people/{AMARA.id}/disable", {})
    assert closed.headers["Location"] == "/people?done=disabled"
    assert (await amara.get("/clinic")).status == 303


async def test_a_new_authenticator_needs_a_second_person_with_a_fresh_code(hospital: Hospital) -> None:
    ada, ines = await hospital.staff(ADA), await hospital.staff(INES)
    assert (await ada.form(f"/people/{AMARA.id}/reset", {})).status == 303
    shown = await ines.get("/resets")
    path = re.findall(r'action="(/resets/[^"]+/approve)"', shown.text)[0]
    assert (await ada.form(path, {})).status == 403
    hospital.clock.move(minutes=6)
    assert (await ines.form(path, {})).headers["Location"].startswith("/step-up")
    step = await ines.post("/api/v1/session/step-up", {"code": hospital.code()})
    ines.csrf = step.json["csrf"]
    assert (await ines.form(path, {})).headers["Location"] == "/people?done=approved"


async def test_weekly_hours_are_listed_by_person_and_each_button_says_what_it_removes(
    hospital: Hospital,
) -> None:
    shown = (await (await hospital.staff(ADA)).get("/people")).text
    assert shown.count("<details") == len(re.findall(r"<summary[^>]*><bdi>([^<]+)</bdi></summary>", shown))
    removed = re.findall(r'>Remove<span class="unseen">(.+?)</button>', shown)
    assert removed
    assert len(set(removed)) == len(removed)
    assert all(re.search(r"<bdi>Dr .+</bdi>, \w+day .*\d\d:\d\d", each) for each in removed)


async def test_mistakes_in_an_invitation_come_back_with_the_form(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    refused = await ada.form("/people", NEW | {"email": "no address"})
    assert refused.status == 422
    assert 'value="no address"' in refused.text
    assert 'id="email-error"' in refused.text


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    assert (await amara.get("/people")).status == 403
    assert (await amara.form("/people", NEW)).status == 403
    ada = await hospital.staff(ADA)
    foreign = await ada.form(f"/people/{NOOR.id}/disable", {})
    assert foreign.status == 404
    assert (await (await hospital.staff(PIA)).get("/resets")).status == 200


async def test_people_are_invited_to_sites_of_the_own_organization_only(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    assert WARD.name in (await ada.get("/people")).text
    assert VILLAGE.name not in (await ada.get("/people")).text
    refused = await ada.form("/people", NEW | {"location": VILLAGE.id})
    assert (refused.status, 'id="location-error"' in refused.text) == (422, True)


async def test_a_new_link_replaces_the_old_one_for_whoever_has_not_joined(hospital: Hospital) -> None:
    ada, lea = await hospital.staff(ADA), await hospital.visitor()
    old = await invited(ada)
    path = re.findall(r'action="(/people/[^"]+/invite)"', (await ada.get("/people")).text)[0]
    again = await ada.form(path, {})
    fresh = re.findall(r"/invitation#([\w-]{43})", again.text)[0]
    assert (await lea.form("/invitation/look", {"token": old})).status == 404
    assert (await lea.form("/invitation/look", {"token": fresh})).status == 200


async def test_a_forgotten_password_is_set_anew_with_the_authenticator(hospital: Hospital) -> None:
    amara = await hospital.visitor()
    await amara.form("/forgotten", {"email": AMARA.email})
    wish = list(hospital.units.tables.outbox.values())[-1]
    await hospital.server.app[SERVICES].recovery.ask_password_reset(wish.values["wish"])
    message = list(hospital.units.tables.outbox.values())[-1]
    token = message.values["url"].rpartition("#")[2]
    looked = await amara.form("/invitation/look", {"token": token})
    assert "Choose a new password" in looked.text
    assert "<svg" not in looked.text
    sent = {"token": token, "password": "four lively otters", "code": hospital.code()}
    assert "Your new password is set" in (await amara.form("/invitation", sent)).text
    entered = await amara.form("/sign-in", {"email": AMARA.email, "password": "four lively otters"})
    assert entered.headers["Location"] == "/sign-in/code"
