"""A real SMTP server in a process of its own, which drops every mail into a Maildir."""

import asyncio
import mailbox
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.handlers import Mailbox
from aiosmtpd.smtp import SMTP

from tests.services import programs


@dataclass(frozen=True, slots=True)
class SmtpSink:
    """A running server and what it was given."""

    host: str
    port: int
    folder: Path

    def messages(self) -> list[EmailMessage]:
        """The mails so far, oldest first; `X-MailFrom` and `X-RcptTo` have their envelopes."""
        files = sorted((self.folder / "new").iterdir(), key=lambda file: (file.stat().st_mtime_ns, file.name))
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]

    async def wait_for(self, number: int, seconds: float = 10) -> list[EmailMessage]:
        """The mails, as soon as there are so many of them; TimeoutError with their number otherwise."""
        deadline = time.monotonic() + seconds
        while len(found := self.messages()) < number:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(found)} mails came instead of {number}")
            await asyncio.sleep(0.02)
        return found

    def clear(self) -> None:
        """Forget the mails so far."""
        for file in (self.folder / "new").iterdir():
            file.unlink()


@contextmanager
def smtp_server(folder: Path) -> Iterator[SmtpSink]:
    """A server that lasts as long as the block."""
    port = programs.free_port()
    maildir = folder / "mail"
    mailbox.Maildir(maildir).close()
    command = (sys.executable, "-m", "tests.services.smtp", str(port), str(maildir))
    with programs.running(command, log=folder / "log", ready=lambda: programs.answers(port)):
        yield SmtpSink("127.0.0.1", port, maildir)


async def serve(port: int, maildir: str) -> None:
    """Accept mail until the process is ended."""
    handler = Mailbox(Path(maildir))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, enable_SMTPUTF8=True), "127.0.0.1", port)
    async with server:
        await server.serve_forever()


def main(arguments: list[str]) -> None:
    """Serve on the given port into the given Maildir."""
    asyncio.run(serve(int(arguments[0]), arguments[1]))


if __name__ == "__main__":
    main(sys.argv[1:])
