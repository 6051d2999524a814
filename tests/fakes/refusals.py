"""What the web door refuses: entered as it is in the real one, and told to the test."""

from telehealth.domain.access import Actor
from telehealth.domain.errors import Refused
from telehealth.services.denied import DeniedTries
from telehealth.services.trail import Work


class Refusals(list[tuple[str, str, str]]):
    """Whom, with which code and at which route."""

    def __init__(self, work: Work) -> None:
        super().__init__()
        self._denied = DeniedTries(work=work)

    async def enter(self, actor: Actor, refused: Refused, route: str, request_id: str) -> None:
        """Enter one."""
        self.append((actor.id, refused.code, route))
        await self._denied.refused(actor, refused, route, request_id)
