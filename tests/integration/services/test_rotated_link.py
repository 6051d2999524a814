"""A link that is rotated ends what the older one opened: who was removed does not stay by their cookie."""

from dataclasses import replace

import pytest

from telehealth.domain.errors import NotFound
from tests.cast import House


async def test_the_browsers_of_an_older_link_are_out(house: House) -> None:
    booked = await house.book()
    joining, invitations = house.assembled.services.joining, house.assembled.invitations
    older = booked.join_url.partition("#")[2]
    opened = await joining.open(older)
    assert await joining.visitor(opened.visit_id, opened.cookie) is not None
    work = house.assembled.opened.work
    second = invitations.link(work, booked.visit_id, house.bo.id, generation=2)
    async with work.units.writing() as uow:
        first = await uow.visits.link_of(booked.visit_id, house.bo.id)
        assert first is not None
        await uow.visits.save_link(replace(first, revoked_at=work.clock.now()))
        await uow.visits.add_link(second)
    assert await joining.visitor(opened.visit_id, opened.cookie) is None
    with pytest.raises(NotFound):
        await joining.open(older)
    again = await joining.open(invitations.url(second, "en").partition("#")[2])
    assert await joining.visitor(again.visit_id, again.cookie) is not None
