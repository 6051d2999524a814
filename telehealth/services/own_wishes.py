"""Wishes that people leave on a waiting list by themselves, from a service's public page.

Who they are is shown by a code to their phone or address, as for booking: until then nobody is on a list, and
nobody learns whether the clinic knows the person.
"""

import hmac
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction, AuditOutcome
from telehealth.domain.errors import BadInput, EnoughBooked, FieldProblem, NotFound, WrongState
from telehealth.domain.own_booking import CODE_TRIES, Asked
from telehealth.domain.own_wish import KEPT, MOST_WISHES, OwnWish
from telehealth.domain.people import Patient, PatientQuery
from telehealth.domain.sentences import N_
from telehealth.domain.waitlist import OWN_NOTICE, Suits, Waiting, WaitStatus, check_wish
from telehealth.domain.ways import way_anywhere
from telehealth.services.bearer import digest_of, new_token
from telehealth.services.desk import check_person
from telehealth.services.own_booking import booker_of
from telehealth.services.own_contact import channel_of, code_message, known_or_new, new_code, person_of
from telehealth.services.own_ways import Offered
from telehealth.services.own_ways import offered as offered_by
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, enter, require
from telehealth.services.visit_making import Invitations
from telehealth.services.wishes import leave, nothing_more


@dataclass(frozen=True, slots=True)
class Wished:
    """How far a browser's wish has come: `waiting` is its place on the list while it has one.

    `no_more` says that nothing more is offered: offers were not answered.
    """

    wish: OwnWish
    offered: Offered
    waiting: Waiting | None
    no_more: bool


class OwnWishes:
    """Anybody's way to a waiting list and off it again; a browser is known by its cookie only."""

    def __init__(self, *, work: Work, invitations: Invitations) -> None:
        self._work = work
        self._invitations = invitations

    async def underway(self, service_id: str, cookie: str) -> Wished | None:
        """Return how far this browser has come with a service; raises NotFound for what is not open."""
        async with self._work.units.reading() as uow:
            return await self._look(uow, service_id, cookie)

    async def ask(self, service_id: str, cookie: str, asked: Asked, suits: Suits) -> str:
        """Keep a wish and send a code to the contact; return the browser's cookie. Raises BadInput."""
        now, code = self._work.clock.now(), new_code(self._work.chance)
        async with self._work.units.writing() as uow:
            offered = await offered_by(uow, service_id)
            self._check(asked, offered)
            check_wish(_waiting("", offered, "", suits, now), now.date())
            found = await self._look(uow, service_id, cookie)
            if found is None or found.wish.tries >= CODE_TRIES:
                cookie, digest = new_token(self._work.chance)
                wish = OwnWish(self._work.identifier(), offered.organization.id, service_id, digest, now)
                await uow.own_wishes.add(wish)
            else:
                wish = found.wish
            await uow.own_wishes.save(wish.ask(asked, suits, code, now))
            await uow.outbox.put(code_message(self._work, wish.organization_id, asked, code))
            await self._enter(uow, booker_of(offered, wish.id), AuditAction.OWN_WISH_CODE, wish.id)
        return cookie

    async def confirm(self, service_id: str, cookie: str, code: str) -> None:
        """Put whom the code has shown on the list; their own wish is written over and keeps its place.

        What staff wished for them stays as it is. Twice is as good as once. Raises BadInput for a wrong code,
        WrongState once none is right any more, EnoughBooked where people with this contact wait often enough.
        """
        async with self._work.units.writing() as uow:
            found = await self._look(uow, service_id, cookie)
            if found is not None and found.wish.waiting_id:
                return
            if found is None or found.wish.asked is None or not found.wish.good(self._work.clock.now()):
                raise WrongState
            wish, booker = found.wish, booker_of(found.offered, found.wish.id)
            right = hmac.compare_digest(wish.code.encode(), code.encode())
            if right:
                await self._put(uow, booker, found, found.wish.asked)
            else:
                await uow.own_wishes.save(wish.mistype())
                refused, outcome = AuditAction.OWN_WISH_REFUSED, AuditOutcome.REFUSED
                await self._enter(uow, booker, refused, wish.id, outcome=outcome)
        if not right:
            raise BadInput(FieldProblem("code", "wrong-code", "This code is not right."))

    async def take_back(self, service_id: str, cookie: str) -> None:
        """Take this browser's wish off the list; twice is as good as once. Raises NotFound."""
        async with self._work.units.writing() as uow:
            found = await self._look(uow, service_id, cookie)
            if found is None:
                raise NotFound
            one = await uow.waitlist.get(found.wish.waiting_id) if found.wish.waiting_id else None
            if one is not None and one.status is WaitStatus.WAITING:
                await leave(uow, one, WaitStatus.LEFT)
                booker = booker_of(found.offered, found.wish.id)
                await self._enter(uow, booker, AuditAction.WAITLIST_LEFT, one.id, one.patient_id)

    async def _put(self, uow: UnitOfWork, booker: Actor, found: Wished, asked: Asked) -> None:
        offered, now = found.offered, self._work.clock.now()
        require(booker, Permission.WAITLIST_JOIN, Subject(organizations=(offered.organization.id,)))
        patient = await known_or_new(self._work, uow, booker, asked, offered.zone)
        stands = await uow.waitlist.standing(patient.id, offered.service.id)
        if stands is not None and not stands.by_patient:
            await uow.own_wishes.save(found.wish.wait(stands.id))
            await self._enter(uow, booker, AuditAction.WAITLIST_READ, stands.id, patient.id)
            return
        one = _waiting(self._work.identifier(), offered, patient.id, found.wish.suits, now)
        if stands is None:
            await self._check_room(uow, asked, offered)
        else:
            await leave(uow, stands, WaitStatus.LEFT)
            one = replace(one, since=stands.since)
        await uow.waitlist.add(one)
        await uow.own_wishes.save(found.wish.wait(one.id))
        await self._enter(uow, booker, AuditAction.WAITLIST_ADDED, one.id, patient.id)

    async def _check_room(self, uow: UnitOfWork, asked: Asked, offered: Offered) -> None:
        """Pass while one more with this contact may wait; raises EnoughBooked."""
        query = PatientQuery(phone=asked.phone, email=asked.email)
        people: list[Patient] = await uow.patients.search(query, offered.organization.id)
        waiting = [await uow.waitlist.standing(each.id, offered.service.id) for each in people]
        if sum(one is not None for one in waiting) >= MOST_WISHES:
            raise EnoughBooked

    def _check(self, asked: Asked, offered: Offered) -> None:
        check_person(person_of(asked, offered.zone), self._work.clock.now().date())
        way_anywhere(offered.service.modalities, asked.phone)
        if not self._invitations.sends(channel_of(asked)):
            told = N_("We cannot write there. Please give a phone number or an e-mail instead.")
            raise BadInput(FieldProblem("contact", "no-way", told))

    async def _look(self, uow: UnitOfWork, service_id: str, cookie: str) -> Wished | None:
        offered, digest = await offered_by(uow, service_id), digest_of(cookie)
        wish = await uow.own_wishes.by_cookie(digest) if digest else None
        if wish is None or wish.service_id != service_id:
            return None
        one = await uow.waitlist.get(wish.waiting_id) if wish.waiting_id else None
        waiting = one if one is not None and one.status is WaitStatus.WAITING else None
        no_more = waiting is not None and await nothing_more(uow, waiting)
        return Wished(wish, offered, waiting, no_more)

    async def _enter(
        self,
        uow: UnitOfWork,
        booker: Actor,
        action: AuditAction,
        entity_id: str,
        patient_id: str = "",
        *,
        outcome: AuditOutcome = AuditOutcome.SUCCESS,
    ) -> None:
        ids = (patient_id,) if patient_id else ()
        await enter(
            self._work,
            uow,
            booker,
            action,
            outcome=outcome,
            patient_ids=ids,
            entity="Waitlist",
            entity_id=entity_id,
        )


def _waiting(identifier: str, offered: Offered, patient_id: str, suits: Suits, now: datetime) -> Waiting:
    """Return the wish for any specialist of a service, as long as own wishes are kept."""
    first = now.astimezone(ZoneInfo(offered.zone)).date()
    organization = offered.organization.id
    return Waiting(
        id=identifier,
        organization_id=organization,
        patient_organization_id=organization,
        service_id=offered.service.id,
        patient_id=patient_id,
        practitioner_id="",
        first=first,
        last=first + KEPT,
        weekdays=tuple(sorted(set(suits.weekdays))),
        notice_hours=OWN_NOTICE,
        since=now,
        from_hour=suits.from_hour,
        until_hour=suits.until_hour,
        by_patient=True,
    )
