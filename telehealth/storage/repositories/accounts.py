"""Staff accounts as sealed rows, their sessions and one-time links."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, delete, func, select, update

from telehealth.crypto.purposes import Purpose
from telehealth.domain.accounts import Account, LinkPurpose, OneTimeLink, Session
from telehealth.domain.people import Practitioner
from telehealth.storage.repositories.directory import practitioner_of
from telehealth.storage.repositories.shapes import Joined, columns, values
from telehealth.storage.rows.accounts import accounts, one_time_link, staff_session
from telehealth.storage.rows.directory import practitioners
from telehealth.storage.sealing import Blind, Place, Vault, staff_of
from telehealth.storage.transaction import Transaction

SIGNED_IN = Joined(staff_session, accounts, practitioners)
SEALED = ("email", "password_hash", "totp_seed", "recovery_hashes", "next_seed")
BY_COOKIE = (
    select(staff_session, accounts, practitioners)
    .join(accounts, accounts.c.id == staff_session.c.account_id)
    .join(practitioners, practitioners.c.id == staff_session.c.practitioner_id)
    .where(staff_session.c.digest == bindparam("sought"))
)
ACCOUNT_FIRST = (
    select(accounts.c.id)
    .join(staff_session, staff_session.c.account_id == accounts.c.id)
    .where(staff_session.c.digest == bindparam("sought"))
    .with_for_update(key_share=True, of=accounts)
)
"""Who opens a session ends others of the account: where it is locked first, nobody waits in a circle."""


class AccountRows:
    """The Accounts Protocol.

    What a writing unit looks up is locked until its end, so that a code or link brought twice is used once.
    """

    def __init__(self, transaction: Transaction, vault: Vault, blind: Blind) -> None:
        self._transaction = transaction
        self._vault = vault
        self._blind = blind

    async def add(self, account: Account) -> None:
        """Insert, sealed; raises StaleVersion when the id, the person or the address has an account."""
        await self._transaction.insert(accounts, self._row(account))

    async def get(self, account_id: str) -> Account | None:
        """Return one account."""
        return await self._one(accounts.c.id == account_id)

    async def by_email(self, email: str) -> Account | None:
        """Return the account with this address, however it is written."""
        return await self._one(accounts.c.email_index == self._blind.email(email))

    async def by_practitioner(self, practitioner_id: str) -> Account | None:
        """Return the account of a member of staff."""
        return await self._one(accounts.c.practitioner_id == practitioner_id)

    async def save(self, account: Account) -> None:
        """Write all of an account; raises StaleVersion when there is none."""
        await self._transaction.swap(
            update(accounts).where(accounts.c.id == account.id).values(self._row(account))
        )

    async def add_session(self, session: Session) -> None:
        """Insert a session."""
        await self._transaction.insert(staff_session, values(session))

    async def signed_in(self, digest: bytes) -> tuple[Session, Account, Practitioner] | None:
        """Return a cookie's session with its account and person, from one query; ended or not."""
        if self._transaction.locks:
            await self._transaction.first(ACCOUNT_FIRST, {"sought": digest})
        row = await self._transaction.first(self._transaction.kept(BY_COOKIE), {"sought": digest})
        if row is None:
            return None
        return (
            Session(**SIGNED_IN.part(row, staff_session)),
            self._account(SIGNED_IN.part(row, accounts)),
            practitioner_of(self._vault, SIGNED_IN.part(row, practitioners)),
        )

    async def session_by_id(self, session_id: str) -> Session | None:
        """Return one session, ended or not."""
        statement = self._transaction.kept(select(staff_session).where(staff_session.c.id == session_id))
        row = await self._transaction.first(statement)
        return Session(**columns(row)) if row else None

    async def sessions_of(self, account_id: str, created_after: datetime) -> list[Session]:
        """Return the account's sessions made after an instant that have not ended, oldest first."""
        statement = (
            select(staff_session)
            .where(
                staff_session.c.account_id == account_id,
                staff_session.c.created_at > created_after,
                staff_session.c.ended_at.is_(None),
            )
            .order_by(staff_session.c.created_at, staff_session.c.id)
        )
        return [
            Session(**columns(row)) for row in await self._transaction.all(self._transaction.kept(statement))
        ]

    async def save_session(self, session: Session) -> None:
        """Write all of a session; one that has ended stays ended. Raises StaleVersion when there is none."""
        changes = values(session, "id", "ended_at")
        changes["ended_at"] = func.coalesce(staff_session.c.ended_at, session.ended_at)
        await self._transaction.swap(
            update(staff_session).where(staff_session.c.id == session.id).values(changes)
        )

    async def forget_sessions(self, created_before: datetime) -> int:
        """Delete sessions made before an instant; returns how many."""
        return await self._transaction.write(
            delete(staff_session).where(staff_session.c.created_at < created_before)
        )

    async def end_every_session(self, now: datetime) -> int:
        """End whatever has not ended yet; returns how many."""
        living = update(staff_session).where(staff_session.c.ended_at.is_(None))
        return await self._transaction.write(living.values(ended_at=now))

    async def ended_since(self, instant: datetime) -> list[str]:
        """Return the ids of sessions that ended at `instant` or later."""
        statement = select(staff_session.c.id).where(staff_session.c.ended_at >= instant)
        return [row.id for row in await self._transaction.all(statement)]

    async def add_link(self, link: OneTimeLink) -> None:
        """Insert a one-time link."""
        await self._transaction.insert(one_time_link, values(link))

    async def link(self, digest: bytes) -> OneTimeLink | None:
        """Return the link of a token's digest, used or not."""
        return await self._link(select(one_time_link).where(one_time_link.c.digest == digest))

    async def link_by_id(self, link_id: str) -> OneTimeLink | None:
        """Return one link."""
        return await self._link(select(one_time_link).where(one_time_link.c.id == link_id))

    async def open_links(self, purpose: str, organization_id: str, now: datetime) -> list[OneTimeLink]:
        """Return links of one purpose to an organization's staff that are neither used nor expired."""
        statement = (
            select(one_time_link)
            .join(accounts, accounts.c.id == one_time_link.c.account_id)
            .where(
                one_time_link.c.purpose == LinkPurpose(purpose),
                one_time_link.c.used_at.is_(None),
                one_time_link.c.expires_at > now,
                accounts.c.organization_id == organization_id,
            )
            .order_by(one_time_link.c.expires_at, one_time_link.c.id)
        )
        return [OneTimeLink(**columns(row)) for row in await self._transaction.all(statement)]

    async def save_link(self, link: OneTimeLink) -> None:
        """Write all of a link; raises StaleVersion when it has been used already."""
        unused = (one_time_link.c.id == link.id, one_time_link.c.used_at.is_(None))
        await self._transaction.swap(update(one_time_link).where(*unused).values(values(link, "id")))

    async def forget_links(self, expired_before: datetime) -> int:
        """Delete links that expired before an instant, used or not; returns how many."""
        return await self._transaction.write(
            delete(one_time_link).where(one_time_link.c.expires_at < expired_before)
        )

    async def _one(self, condition: ColumnElement[bool]) -> Account | None:
        row = await self._transaction.first(self._transaction.kept(select(accounts).where(condition)))
        return self._account(columns(row)) if row else None

    async def _link(self, statement: Select[Any]) -> OneTimeLink | None:
        row = await self._transaction.first(self._transaction.kept(statement))
        return OneTimeLink(**columns(row)) if row else None

    def _row(self, account: Account) -> dict[str, Any]:
        content = {name: getattr(account, name) for name in SEALED}
        clear = values(account, *SEALED) | {"email_index": self._blind.email(account.email)}
        return clear | self._vault.seal(place_of(account.id, account.organization_id), content)

    def _account(self, row: dict[str, Any]) -> Account:
        place = place_of(row["id"], row["organization_id"])
        content = self._vault.open(place, row.pop("key_id"), row.pop("sealed"))
        content["recovery_hashes"] = tuple(content["recovery_hashes"])
        del row["email_index"]
        return Account(**row, **content)


def place_of(account_id: str, organization_id: str) -> Place:
    """Return where the sealed columns of a row stand."""
    return Place(staff_of(organization_id), Purpose.ACCOUNT, organization_id, "account", account_id)
