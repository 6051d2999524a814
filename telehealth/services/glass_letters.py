"""Telling privacy officers by e-mail that a record was opened in an emergency, and where to look into it."""

from telehealth.domain.glass import Glass
from telehealth.domain.people import Role
from telehealth.services.one_time import letter_to
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work

TEMPLATE = "glass-broken"


async def tell_officers(work: Work, uow: UnitOfWork, glass: Glass, page: str) -> None:
    """Write to those of both houses. The letter names nobody: a mailbox is no record. The `page` does."""
    houses = {glass.organization_id, glass.reader_organization_id}
    values = {"url": page, "expires": glass.opened_at.isoformat()}
    for each in await uow.directory.practitioners(role=Role.PRIVACY_OFFICER, working=True):
        account = await uow.accounts.by_practitioner(each.id) if each.organization_id in houses else None
        if account is not None and account.disabled_at is None:
            await uow.outbox.put(await letter_to(work, uow, account, TEMPLATE, values))
