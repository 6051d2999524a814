"""Idempotency inside a transaction: what was made under a key is found again, never made twice."""

import json

from telehealth.domain.errors import KeyReused
from telehealth.services.repositories import KeptAnswer, UnitOfWork
from telehealth.services.trail import Once, Work


async def recall(uow: UnitOfWork, once: Once | None) -> dict[str, str] | None:
    """Return what `once` made before, or None; raise KeyReused when the request was another one."""
    if once is None:
        return None
    kept = await uow.answers.get(once.client, once.key)
    if kept is None:
        return None
    if kept.request_hash != once.request_hash:
        raise KeyReused
    return dict(json.loads(kept.body))


async def keep(work: Work, uow: UnitOfWork, once: Once | None, made: dict[str, str]) -> None:
    """Remember the ids that `once` made, in the transaction that made them."""
    if once is None:
        return
    now = work.clock.now()
    await uow.answers.put(
        KeptAnswer(once.client, once.key, once.request_hash, 201, json.dumps(made, sort_keys=True), now)
    )
