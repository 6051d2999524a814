"""An organization's own words for messages to patients: seen, tried on an example person, kept, given up."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from telehealth.domain.access import Actor, Permission
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import BadInput, FieldProblem, NotFound
from telehealth.domain.outbox import NOT_BY_VIDEO
from telehealth.domain.own_text import OwnText, linked, listing, own_facts, problems_of
from telehealth.domain.sentences import N_
from telehealth.services.letters import Letter, Rendered, Words
from telehealth.services.repositories import UnitOfWork
from telehealth.services.several import Dated, way_in
from telehealth.services.trail import Work, enter, require

EXAMPLE = {"practitioner": "Dr Amina Khan", "minutes": "30", "count": "3"}
PHONED = {"digits": "0100"}
"""Of who is phoned, the end of the number."""
CODE = "7H4K-2MXP"
EXAMPLE_TOKEN = ("EXAMPLE-" * 6)[:43]
"""As long as a real one, and none."""
IN_A_DAY, A_WEEK = timedelta(days=1), timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class TextLine:
    """One kind of message in one language, and whether the organization has words of its own for it."""

    template: str
    language: str
    own: bool


@dataclass(frozen=True, slots=True)
class TextView:
    """A wording with what it says to an example person; `linked` says that it must hold the link.

    `listing` says that its e-mail must hold the list of times, `sms_linked` that its SMS must hold a link.
    `more` are the places that other kinds of messages do not have.
    """

    text: OwnText
    own: bool
    linked: bool
    listing: bool
    sms_linked: bool
    more: list[str]
    preview: Rendered


class MessageTexts:
    """What administrators do with their organization's messages; staff's letters have one wording only."""

    def __init__(self, *, work: Work, words: Words, languages: Sequence[str], public_url: str) -> None:
        """`languages` are those offered; the example's link lies below `public_url`."""
        self._work, self._words, self._languages, self._url = work, words, languages, public_url

    async def listed(self, actor: Actor) -> list[TextLine]:
        """Return every kind of message in every language."""
        require(actor, Permission.TEXTS_MANAGE)
        async with self._work.units.reading() as uow:
            kept = {(each.template, each.language) for each in await uow.texts.of(actor.organization_id)}
        kinds = [(kind, language) for kind in self._words.kinds() for language in self._languages]
        return [TextLine(kind, language, (kind, language) in kept) for kind, language in kinds]

    async def read(self, actor: Actor, template: str, language: str) -> TextView:
        """Return the wording in use: the organization's own, or the standard."""
        require(actor, Permission.TEXTS_MANAGE)
        standard = self._standard(actor, template, language)
        async with self._work.units.reading() as uow:
            own = await uow.texts.get(actor.organization_id, template, language)
            return await self._view(actor, uow, own or standard, standard)

    async def preview(self, actor: Actor, draft: OwnText) -> TextView:
        """Return what a draft says, without keeping it; raises BadInput naming each field."""
        require(actor, Permission.TEXTS_MANAGE)
        async with self._work.units.reading() as uow:
            return await self._checked(actor, uow, draft)

    async def save(self, actor: Actor, draft: OwnText) -> None:
        """Keep a wording over `draft.version` (0 for the first); raises BadInput and StaleVersion."""
        require(actor, Permission.TEXTS_MANAGE)
        async with self._work.units.writing() as uow:
            checked = await self._checked(actor, uow, draft)
            await uow.texts.put(replace(checked.text, version=draft.version + 1))
            await self._enter(uow, actor, AuditAction.TEXT_CHANGED, draft.template, draft.language)

    async def reset(self, actor: Actor, template: str, language: str) -> None:
        """Go back to the standard; that is no change where it is the standard already."""
        require(actor, Permission.TEXTS_MANAGE)
        self._standard(actor, template, language)
        async with self._work.units.writing() as uow:
            own = await uow.texts.get(actor.organization_id, template, language)
            if own is None:
                return
            await uow.texts.remove(own)
            await self._enter(uow, actor, AuditAction.TEXT_RESET, template, language)

    def _standard(self, actor: Actor, template: str, language: str) -> OwnText:
        if template not in self._words.kinds() or language not in self._languages:
            raise NotFound
        return replace(self._words.standard(template, language), organization_id=actor.organization_id)

    async def _checked(self, actor: Actor, uow: UnitOfWork, draft: OwnText) -> TextView:
        standard = self._standard(actor, draft.template, draft.language)
        draft = replace(draft, organization_id=actor.organization_id)
        problems = problems_of(draft, standard)
        if problems:
            raise BadInput(*problems)
        view = await self._view(actor, uow, draft, standard)
        if view.preview.shortened:
            detail = N_("For the example person this takes more than three parts. Please shorten it.")
            raise BadInput(FieldProblem("sms", "too-many-parts", detail))
        return view

    async def _view(self, actor: Actor, uow: UnitOfWork, text: OwnText, standard: OwnText) -> TextView:
        """Return a wording as an example person would read it."""
        organization = await uow.directory.organization(actor.organization_id)
        person = await uow.directory.practitioner(actor.id)
        site = await uow.directory.location(person.location_id) if person else None
        if organization is None or site is None:
            raise NotFound
        link = f"{self._url}/v?lang={text.language}#{EXAMPLE_TOKEN}"
        now = self._work.clock.now()
        letter = Letter(
            template=text.template,
            language=text.language,
            to="",
            values=EXAMPLE
            | {"clinic": organization.name, "phone": organization.phone, **way_in(link, CODE)}
            | (PHONED if text.template in NOT_BY_VIDEO.values() else {}),
            at=now + IN_A_DAY,
            zone=site.zone,
            now=now,
            own=text,
            dates=_dates(standard, now + IN_A_DAY, link),
        )
        return TextView(
            text=text,
            own=text is not standard,
            linked=linked(standard),
            listing=listing(standard),
            sms_linked="{link}" in standard.sms,
            more=sorted(own_facts(standard)),
            preview=self._words(letter),
        )

    async def _enter(
        self, uow: UnitOfWork, actor: Actor, action: AuditAction, template: str, language: str
    ) -> None:
        await enter(self._work, uow, actor, action, entity="message text", entity_id=f"{template} {language}")


def _dates(standard: OwnText, first: datetime, link: str) -> tuple[Dated, ...]:
    """Return the example's times, a week apart, as many as it says; cancelled ones have no links."""
    if not listing(standard):
        return ()
    opened = link if "{link}" in standard.sms else ""
    return tuple(Dated(first + week * A_WEEK, opened) for week in range(int(EXAMPLE["count"])))
