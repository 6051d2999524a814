"""What a guest writes and reads in a call: from when they were let in until they are out, and named."""

from dataclasses import replace

import pytest

from telehealth.domain.access import Actor
from telehealth.domain.audit import AuditAction
from telehealth.domain.conversation import GUESTS_LIMIT
from telehealth.domain.errors import NotFound, VisitClosed, WrongState
from telehealth.domain.guests import GuestKind
from telehealth.services import conversation
from telehealth.services.guests import Invited
from tests.cast import AMARA, House
from tests.integration.services.test_conversation import YES, Call, call, caption
from tests.integration.services.test_guests import come

__all__ = ["call"]


class Company:
    """Lina, who interprets for Bo, and what she does in his call."""

    def __init__(self, call: Call, invited: Invited, lina: Actor) -> None:
        self.call, self.invited, self.lina = call, invited, lina
        self.services = call.house.assembled.services.company

    async def let_in(self) -> None:
        await self.services.door.wait(self.lina)
        await self.services.guests.let_in(AMARA, self.call.visit_id, self.lina.id)

    async def says(self, key: str, text: str) -> int:
        doorkeeper = self.call.house.assembled.doorkeeper
        seat = await doorkeeper.seat(self.lina, self.call.visit_id)
        return (await doorkeeper.say(self.lina, self.call.visit_id, caption(key, text), seat)).seq

    async def heard(self) -> list[str]:
        return await self.call.heard_by(self.lina)


@pytest.fixture
async def company(call: Call) -> Company:
    guests = call.house.assembled.services.company.guests
    invited = await guests.invite(AMARA, call.visit_id, "Lina Lindqvist", GuestKind.INTERPRETER)
    return Company(call, invited, await come(call.house, invited))


async def test_what_was_written_before_a_guest_was_let_in_is_not_theirs(company: Company) -> None:
    call = company.call
    await call.amara_says(caption("1", "Between us"))
    with pytest.raises(NotFound):
        await company.heard()
    await company.let_in()
    assert await company.heard() == []
    assert (await call.desk.hear(company.lina, call.visit_id, 0)).last == 1, "there the guest begins"
    await call.bo_says(caption("2", "For two weeks"))
    assert await company.says("3", "Since the ninth") == 3
    assert await company.heard() == ["For two weeks", "Since the ninth"]
    assert await call.heard_by(AMARA) == ["Between us", "For two weeks", "Since the ninth"]


async def test_guests_leave_room_for_patient_and_specialist(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert GUESTS_LIMIT == 500
    monkeypatch.setattr(conversation, "GUESTS_LIMIT", 2)
    await company.let_in()
    await company.call.bo_says(YES)
    assert await company.says("1", "Since the ninth") == 2
    assert await company.says("2", "In the evening") == 3
    with pytest.raises(WrongState, match="No more can be written"):
        await company.says("3", "Since the ninth")
    assert await company.says("2", "In the evening") == 3, "what was said before is acknowledged all the same"
    assert (await company.call.amara_says(caption("4", "Thank you"))).seq == 4


async def test_who_leaves_and_is_let_in_again_does_not_hear_what_was_written_meanwhile(
    company: Company,
) -> None:
    await company.let_in()
    await company.says("1", "One moment")
    await company.services.door.leave(company.lina)
    with pytest.raises(NotFound):
        await company.heard()
    await company.call.amara_says(caption("2", "While she is out"))
    await company.let_in()
    await company.call.amara_says(caption("3", "Welcome back"))
    assert await company.heard() == ["Welcome back"]


async def test_who_was_removed_hears_and_writes_nothing_more(company: Company) -> None:
    await company.let_in()
    await company.says("1", "Before")
    seat = await company.call.house.assembled.doorkeeper.seat(company.lina, company.call.visit_id)
    await company.services.guests.remove(AMARA, company.call.visit_id, company.lina.id)
    with pytest.raises(NotFound):
        await company.heard()
    with pytest.raises(NotFound):
        await company.call.desk.say(company.lina, company.call.visit_id, YES, seat)
    assert await company.call.heard_by(AMARA) == ["Before"]


async def test_the_record_of_the_visit_says_who_wrote_and_what_they_were_in_it(company: Company) -> None:
    await company.let_in()
    await company.says("1", "Since the ninth")
    await company.call.house.assembled.services.consulting.end(AMARA, company.call.visit_id)
    [kept] = await company.call.desk.of_visit(AMARA, company.call.visit_id)
    assert (kept.sender, kept.name, kept.part) == ("g1", "Lina Lindqvist", GuestKind.INTERPRETER)
    assert (kept.author_id, kept.text) == (company.lina.id, "Since the ninth")
    with pytest.raises((NotFound, VisitClosed)):
        await company.heard()


async def test_a_guest_reads_no_more_of_the_patients_name_than_in_the_call(company: Company) -> None:
    await company.let_in()
    await company.call.bo_says(YES)
    await company.call.amara_says(caption("2"))
    heard = await company.call.desk.hear(company.lina, company.call.visit_id, 0)
    assert [each.name for each in heard.said] == ["Bo L.", "Dr Amara Diallo"]


async def test_what_a_guest_writes_is_entered_as_theirs(company: Company) -> None:
    await company.let_in()
    await company.says("1", "My ankles swell, she says")
    async with company.call.house.assembled.opened.storage.reading() as uow:
        [entry] = [each for each in await uow.audit.entries() if each.action is AuditAction.VISIT_SAID]
    assert (entry.actor_kind, entry.actor_id, entry.reason) == ("guest", company.lina.id, "caption")
    assert "ankles" not in str(entry)


async def test_a_stranger_is_refused(company: Company, house: House) -> None:
    await company.let_in()
    await company.call.amara_says(caption("1", "For the three of us"))
    call, lina = company.call, company.lina
    another = await house.assembled.services.company.guests.invite(
        AMARA, call.visit_id, "Cy", GuestKind.RELATIVE
    )
    uninvited = await come(house, another)
    for stranger in (uninvited, replace(lina, visit_id="another"), replace(lina, id="nobody")):
        with pytest.raises(NotFound):
            await call.desk.hear(stranger, call.visit_id, 0)
        with pytest.raises(NotFound):
            await call.desk.say(stranger, call.visit_id, YES, call.seat("g1"))
    with pytest.raises(NotFound):
        await call.desk.of_visit(lina, call.visit_id)
