"""Staff of an organization, for its administrators: inviting, joining, the list, disabling."""

from dataclasses import dataclass, replace

from telehealth.crypto.totp import new_seed, provisioning_uri
from telehealth.domain.access import Actor, ActorKind, Permission, Subject
from telehealth.domain.accounts import Account, LinkPurpose
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import BadInput, FieldProblem, NotFound, WrongState
from telehealth.domain.notices import SessionsEnded
from telehealth.domain.organizations import Location
from telehealth.domain.people import HumanName, Practitioner, Role
from telehealth.domain.sentences import say
from telehealth.domain.words import is_email, is_language
from telehealth.services.enrolment import Enrolment, Weakness
from telehealth.services.factors import UNPROVEN
from telehealth.services.once import keep, recall
from telehealth.services.one_time import open_link, send_link, use_up
from telehealth.services.ports import Announcer, Hashing
from telehealth.services.repositories import UnitOfWork
from telehealth.services.session_keeping import end_others
from telehealth.services.trail import Once, Work, enter, require

NAME_LIMIT = 100
ISSUER = "Telehealth"


@dataclass(frozen=True, slots=True)
class NewStaff:
    """Whom an administrator invites. At least one part of the name is needed.

    `language` is what letter and pages speak to them; empty is the organization's, and their browser's.
    """

    organization_id: str
    location_id: str
    role: Role
    given: str
    family: str
    title: str
    email: str
    specialty: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Invited:
    """A person just invited. `url` is the one-time link, also on its way by e-mail; it is shown this once."""

    practitioner_id: str
    url: str


@dataclass(frozen=True, slots=True)
class InvitationView:
    """What the page of a one-time link shows; the seed is empty where the authenticator stays as it is."""

    purpose: LinkPurpose
    name: str
    organization: str
    email: str
    totp_seed: str
    totp_uri: str


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One line of the staff list; `status` is `invited`, `active` or `disabled`."""

    practitioner: Practitioner
    status: str
    account_id: str


class Staff:
    """An organization's people and their accounts."""

    def __init__(
        self, *, work: Work, hashing: Hashing, announcer: Announcer, link_base: str, weakness: Weakness
    ) -> None:
        self._work, self._announcer, self._link_base = work, announcer, link_base
        self._enrolment = Enrolment(work=work, hashing=hashing, announcer=announcer, weakness=weakness)

    async def invite(self, actor: Actor, new: NewStaff, once: Once | None = None) -> Invited:
        """Make the person, the account without a password, the link and its e-mail, all or nothing.

        Raises BadInput naming the field; `taken` when the address has an account already.
        """
        require(actor, Permission.STAFF_MANAGE, Subject(organizations=(new.organization_id,)))
        problems = problems_of(new)
        if problems:
            raise BadInput(*problems)
        async with self._work.units.writing() as uow:
            earlier = await recall(uow, once)
            if earlier is not None:
                return Invited(earlier["practitioner"], earlier["url"])
            await self._check(uow, new)
            now = self._work.clock.now()
            person = _person(self._work.chance.identifier(now), new)
            account = Account(
                id=self._work.chance.identifier(now),
                practitioner_id=person.id,
                organization_id=person.organization_id,
                email=person.email,
                password_hash="",
                totp_seed=new_seed(self._work.chance),
                totp_step=UNPROVEN,
                language=new.language,
            )
            await uow.directory.add_practitioner(person)
            await uow.accounts.add(account)
            url = await send_link(
                self._work, uow, self._link_base, account, purpose=LinkPurpose.INVITATION, by=actor.id
            )
            await self._enter(uow, actor, AuditAction.STAFF_INVITED, person.id)
            await keep(self._work, uow, once, {"practitioner": person.id, "url": url})
        return Invited(person.id, url)

    async def invite_again(self, actor: Actor, practitioner_id: str) -> Invited:
        """Send a new link to somebody who has not joined yet; older links are void. Raises WrongState."""
        async with self._work.units.writing() as uow:
            account = await self._managed(uow, actor, practitioner_id)
            if account.password_hash or account.disabled_at is not None:
                raise WrongState("Only people who have not joined yet can be invited again.")
            await use_up(uow, account, self._work.clock.now(), LinkPurpose.INVITATION)
            url = await send_link(
                self._work, uow, self._link_base, account, purpose=LinkPurpose.INVITATION, by=actor.id
            )
            await self._enter(uow, actor, AuditAction.STAFF_INVITED, practitioner_id)
        return Invited(practitioner_id, url)

    async def look(self, token: str) -> InvitationView:
        """Return what a one-time link of any purpose is for; raises NotFound for everything that is none."""
        async with self._work.units.reading() as uow:
            opened = await open_link(uow, token, self._work.clock.now(), *LinkPurpose)
        seed = opened.account.totp_seed if opened.link.purpose is not LinkPurpose.PASSWORD_RESET else ""
        return InvitationView(
            purpose=opened.link.purpose,
            name=opened.practitioner.display,
            organization=opened.organization.name,
            email=opened.account.email,
            totp_seed=seed,
            totp_uri=provisioning_uri(seed, opened.account.email, ISSUER) if seed else "",
        )

    async def accept(self, token: str, password: str, code: str) -> list[str]:
        """Take up an invitation or an approved TOTP reset; see Enrolment.accept."""
        return await self._enrolment.accept(token, password, code)

    async def listed(self, actor: Actor) -> list[StaffRow]:
        """Return the people of the actor's organization, by family name."""
        require(actor, Permission.STAFF_MANAGE, Subject(organizations=(actor.organization_id,)))
        async with self._work.units.writing() as uow:
            people = await uow.directory.practitioners(organization_id=actor.organization_id)
            rows = [_row(person, await uow.accounts.by_practitioner(person.id)) for person in people]
            await self._enter(uow, actor, AuditAction.STAFF_LISTED, "")
        return sorted(rows, key=lambda row: row.practitioner.name.listed.casefold())

    async def sites(self, actor: Actor) -> list[Location]:
        """Return the sites of the actor's organization: where somebody who is invited may work."""
        require(actor, Permission.STAFF_MANAGE, Subject(organizations=(actor.organization_id,)))
        async with self._work.units.reading() as uow:
            sites = await uow.directory.locations()
        return [site for site in sites if site.organization_id == actor.organization_id]

    async def disable(self, actor: Actor, practitioner_id: str) -> None:
        """End somebody's access at once, open sessions and links included; oneself is refused."""
        if actor.kind is ActorKind.STAFF and practitioner_id == actor.id:
            require(actor, Permission.STAFF_MANAGE)
            raise WrongState("You cannot disable your own account.")
        async with self._work.units.writing() as uow:
            account = await self._managed(uow, actor, practitioner_id)
            now = self._work.clock.now()
            if account.disabled_at is None:
                await uow.accounts.save(replace(account, disabled_at=now))
            await use_up(uow, account, now, *LinkPurpose)
            ended = await end_others(uow, account.id, now)
            await self._enter(uow, actor, AuditAction.STAFF_DISABLED, practitioner_id)
        if ended:
            await self._announcer.announce(SessionsEnded(ended))

    async def _managed(self, uow: UnitOfWork, actor: Actor, practitioner_id: str) -> Account:
        """Return the account of one of the administrator's people; raise NotFound for anyone else's."""
        require(actor, Permission.STAFF_MANAGE)
        account = await uow.accounts.by_practitioner(practitioner_id)
        if account is None:
            raise NotFound
        require(actor, Permission.STAFF_MANAGE, Subject(organizations=(account.organization_id,)))
        return account

    async def _check(self, uow: UnitOfWork, new: NewStaff) -> None:
        """Raise BadInput unless the site belongs to the organization and the address is free."""
        location = await uow.directory.location(new.location_id)
        if location is None or location.organization_id != new.organization_id:
            raise BadInput(FieldProblem("location", "unknown", "Choose one of the organization's sites."))
        if await uow.accounts.by_email(new.email.strip()) is not None:
            raise BadInput(FieldProblem("email", "taken", "This address already has an account."))

    async def _enter(self, uow: UnitOfWork, actor: Actor, action: AuditAction, practitioner_id: str) -> None:
        entity = "Practitioner" if practitioner_id else ""
        await enter(self._work, uow, actor, action, entity=entity, entity_id=practitioner_id)


def problems_of(new: NewStaff) -> list[FieldProblem]:
    """Return what is wrong with the texts of an invitation."""
    problems = []
    if not (new.given.strip() or new.family.strip()):
        problems.append(FieldProblem("family", "missing", "A name is needed."))
    for field in ("given", "family", "title", "specialty"):
        text: str = getattr(new, field)
        if len(text) > NAME_LIMIT or not text.isprintable():
            problems.append(
                FieldProblem(
                    field, "unreadable", say("Use up to {count} plain characters.", count=NAME_LIMIT)
                )
            )
    email = new.email.strip()
    if not is_email(email):
        problems.append(FieldProblem("email", "not-an-address", "Enter an e-mail address."))
    if new.language and not is_language(new.language):
        problems.append(FieldProblem("language", "not-a-language", "Please choose one of those offered."))
    return problems


def _person(identifier: str, new: NewStaff) -> Practitioner:
    return Practitioner(
        id=identifier,
        organization_id=new.organization_id,
        location_id=new.location_id,
        role=new.role,
        name=HumanName(new.given.strip(), new.family.strip()),
        title=new.title.strip(),
        email=new.email.strip(),
        specialty=new.specialty.strip(),
    )


def _row(person: Practitioner, account: Account | None) -> StaffRow:
    if account is None or account.disabled_at is not None:
        return StaffRow(person, "disabled", account.id if account else "")
    return StaffRow(person, "active" if account.password_hash else "invited", account.id)
