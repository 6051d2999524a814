"""The session of one browser in one visit: found again by its cookie, or made with a new one."""

import base64
import hashlib
from collections.abc import Callable

from telehealth.domain.visiting import VisitLink, VisitSession
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work

Held = Callable[[str], str]
"""The cookie that a browser holds for a visit, empty for none."""


def nothing_held(_: str) -> str:
    """Be a browser without cookies."""
    return ""


def session_digest(cookie: str) -> bytes:
    """Return what the database keeps of a visit's cookie."""
    return hashlib.sha256(cookie.encode("utf-8", "replace")).digest()


async def session_of(work: Work, uow: UnitOfWork, link: VisitLink, cookie: str) -> tuple[str, str]:
    """Return id and cookie of the browser's session: the living one that it holds, or a new one."""
    kept = await uow.visits.session(session_digest(cookie)) if cookie else None
    wanted = (link.visit_id, link.generation, None)
    if kept is not None and (kept.visit_id, kept.generation, kept.ended_at) == wanted:
        return kept.id, cookie
    cookie = base64.urlsafe_b64encode(work.chance.token(32)).rstrip(b"=").decode()
    session = VisitSession(
        id=work.identifier(),
        visit_id=link.visit_id,
        person_id=link.person_id,
        digest=session_digest(cookie),
        generation=link.generation,
        created_at=work.clock.now(),
    )
    await uow.visits.add_session(session)
    return session.id, cookie
