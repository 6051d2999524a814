"""One-time links to staff: invitation, password reset and TOTP reset; made, mailed, looked up, used once."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from telehealth.domain.accounts import Account, LinkPurpose, OneTimeLink
from telehealth.domain.errors import NotFound
from telehealth.domain.organizations import Organization
from telehealth.domain.outbox import Channel, OutboxMessage
from telehealth.domain.people import Practitioner
from telehealth.services.bearer import digest_of, new_token
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work

LIFE = {
    LinkPurpose.INVITATION: timedelta(hours=72),
    LinkPurpose.PASSWORD_RESET: timedelta(hours=1),
    LinkPurpose.TOTP_RESET: timedelta(hours=24),
}
TEMPLATE = {
    LinkPurpose.INVITATION: "staff-invitation",
    LinkPurpose.PASSWORD_RESET: "password-reset",
    LinkPurpose.TOTP_RESET: "totp-reset",
}


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """A link that may be used now, with whom and what it is for."""

    link: OneTimeLink
    account: Account
    practitioner: Practitioner
    organization: Organization


async def open_link(uow: UnitOfWork, token: str, now: datetime, *purposes: LinkPurpose) -> OpenedLink:
    """Return what a token opens; raise NotFound for unknown, used, expired and foreign ones alike.

    A TOTP reset opens only after a second person has approved it.
    """
    digest = digest_of(token)
    link = await uow.accounts.link(digest) if digest else None
    if link is None or link.purpose not in purposes or link.used_at is not None or now >= link.expires_at:
        raise NotFound
    if link.purpose is LinkPurpose.TOTP_RESET and not link.approved_by:
        raise NotFound
    account = await uow.accounts.get(link.account_id)
    if account is None or account.disabled_at is not None:
        raise NotFound
    practitioner = await uow.directory.practitioner(account.practitioner_id)
    organization = await uow.directory.organization(account.organization_id)
    if practitioner is None or organization is None:
        raise NotFound
    return OpenedLink(link, account, practitioner, organization)


async def send_link(
    work: Work,
    uow: UnitOfWork,
    link_base: str,
    account: Account,
    link: OneTimeLink | None = None,
    *,
    purpose: LinkPurpose,
    by: str = "",
) -> str:
    """Store a new link, or give the approved `link` its secret, and mail it; return its address.

    The database keeps the secret's SHA-256; the outbox keeps the address sealed until it is sent.
    """
    now = work.clock.now()
    token, digest = new_token(work.chance)
    expires = now + LIFE[purpose]
    if link is None:
        identifier = work.chance.identifier(now)
        made = OneTimeLink(identifier, account.id, purpose, digest, expires, requested_by=by)
        await uow.accounts.add_link(made)
    else:
        await uow.accounts.save_link(replace(link, digest=digest, expires_at=expires, approved_by=by))
    asked = f"?lang={account.language}" if account.language else ""
    url = f"{link_base}/invitation{asked}#{token}"
    values = {"url": url, "expires": expires.isoformat()}
    await uow.outbox.put(await letter_to(work, uow, account, TEMPLATE[purpose], values))
    return url


async def letter_to(
    work: Work, uow: UnitOfWork, account: Account, template: str, values: dict[str, str]
) -> OutboxMessage:
    """Return the e-mail to an account's person, due at once; the instant it tells is `values["expires"]`."""
    organization = await uow.directory.organization(account.organization_id)
    language = account.language or (organization.language if organization else "en")
    now = work.clock.now()
    return OutboxMessage(
        id=work.chance.identifier(now),
        channel=Channel.EMAIL,
        template=template,
        person_id=account.practitioner_id,
        language=language,
        values=values,
        due_at=now,
        organization_id=account.organization_id,
        made_at=now,
        changed_at=now,
        account_id=account.id,
    )


async def use_up(uow: UnitOfWork, account: Account, now: datetime, *purposes: LinkPurpose) -> None:
    """Void every open link of the account for these purposes, the one in use included."""
    for purpose in purposes:
        for link in await uow.accounts.open_links(purpose, account.organization_id, now):
            if link.account_id == account.id:
                await uow.accounts.save_link(replace(link, used_at=now))
