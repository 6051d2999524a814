"""The timeline: each step's name, how long it took, and the one sentence when a step fails."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TextIO

from aiohttp import ClientError, ClientSSLError

from signaling.client import SocketTrouble
from signaling.media.allocation import NoRelay
from signaling.media.peer import NoConnection
from telehealth.probe.trouble import ProbeFailed, Trouble

Tell = Callable[[], str]


@dataclass(slots=True)
class Step:
    """One step that runs. `detail` is printed with it; `waits_for` says at a timeout what was missing."""

    detail: str = ""
    waits_for: Tell | None = None


class Timeline:
    """Times steps and prints a line for each; `now` is a clock in seconds that never goes back."""

    def __init__(self, out: TextIO, now: Callable[[], float]) -> None:
        self._out = out
        self._now = now
        self._began = now()
        self.done: list[str] = []

    @asynccontextmanager
    async def step(self, name: str, *, seconds: float = 20) -> AsyncGenerator[Step]:
        """Run a step within `seconds`; raises ProbeFailed, whatever of the foreseeable went wrong."""
        running, began = Step(), self._now()
        try:
            async with asyncio.timeout(seconds):
                yield running
        except (Trouble, SocketTrouble, NoConnection, NoRelay) as trouble:
            raise ProbeFailed(name, str(trouble).rstrip(".")) from trouble
        except TimeoutError as error:
            missing = f"; {running.waits_for()}" if running.waits_for else ""
            raise ProbeFailed(name, f"it took longer than {seconds:g} s{missing}") from error
        except ClientSSLError as error:
            raise ProbeFailed(
                name, "the server's certificate is not trusted (--ca FILE names its CA)"
            ) from error
        except (ClientError, OSError) as error:
            raise ProbeFailed(name, f"the server cannot be reached ({type(error).__name__})") from error
        self.done.append(name)
        self._line(began, f"{name:<10} {running.detail}")

    def note(self, text: str) -> None:
        """Print a remark between the steps."""
        self._print(f"{'':>11}{text}")

    def heading(self, text: str) -> None:
        """Print what is being probed."""
        self._print(text)

    def total(self) -> None:
        """Print how long everything took."""
        self._line(self._began, "in all")

    def _line(self, began: float, text: str) -> None:
        self._print(f"{round((self._now() - began) * 1000):>6} ms  {text}".rstrip())

    def _print(self, text: str) -> None:
        # A terminal that went away must not leave a visit half-way.
        with suppress(OSError):
            self._out.write(text + "\n")
            self._out.flush()
