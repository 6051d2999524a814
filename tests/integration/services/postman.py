"""Workers that empty the outbox over real storage until they are killed: child processes of tests.

Arguments: the database's URL, the key directory, the mail server's port, the gateway's URL. The imports are
done once: this process forks one child for each line that comes in, which holds the time that it is then.
A child says `ready <pid>`; this process says `dead` after each child.
"""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from telehealth.crypto.blind import BlindIndex
from telehealth.crypto.chance import SystemChance
from telehealth.crypto.custody import open_custody
from telehealth.crypto.keyring import Keyring
from telehealth.crypto.purposes import Purpose
from telehealth.crypto.tokens import LinkTokens
from telehealth.domain.outbox import Channel
from telehealth.notify.email import EmailMessenger, MailServer
from telehealth.notify.sms import Gateway, SmsMessenger
from telehealth.notify.templates import Wording
from telehealth.services.delivery import Delivery
from telehealth.services.trail import Work
from telehealth.services.visit_making import Invitations
from telehealth.storage.unit_of_work import Storage
from tests.fakes import FakeClock
from tests.services.gateway import TOKEN, SmsSink
from tests.services.smtp import SmtpSink

ROOT = Path(__file__).parents[3]
Live = Callable[[datetime, float], None]
"""Let a worker live at a time for so many seconds, then kill it."""


def postman(storage: Storage, keyring: Keyring, clock: FakeClock, port: int, gateway: str) -> Delivery:
    """A worker over real storage, a real mail server and a real gateway."""
    server = MailServer("127.0.0.1", port, tls=False)
    keys = LinkTokens(keyring.derived(Purpose.LINK_KEY))
    return Delivery(
        work=Work(storage, clock, SystemChance()),
        messengers={
            Channel.EMAIL: EmailMessenger(server=server, sender="visits@care.example", clock=clock),
            Channel.SMS: SmsMessenger(gateway=Gateway(gateway, "Hillside", TOKEN, private=True)),
        },
        words=Wording(),
        invitations=Invitations(keys=keys, public_url="https://care.example"),
        wishes={},
    )


@contextmanager
def nursery(url: str, keys: Path, smtp: SmtpSink, sms: SmsSink) -> Iterator[Live]:
    """Workers that live for a moment each, one after the other."""
    command = [sys.executable, "-m", "tests.integration.services.postman", url, str(keys)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([*command, str(smtp.port), sms.url], cwd=ROOT, text=True, **pipes) as parent:
        written, told = parent.stdin, parent.stdout
        assert written is not None
        assert told is not None

        def live(at: datetime, seconds: float) -> None:
            print(at.isoformat(), file=written, flush=True)
            word, pid = told.readline().split()
            assert word == "ready"
            time.sleep(seconds)
            os.kill(int(pid), signal.SIGKILL)
            assert told.readline() == "dead\n"

        yield live


async def carry(delivery: Delivery, channel: Channel) -> None:
    """Send what is due, for ever."""
    while True:
        await delivery.send_due(channel)
        await asyncio.sleep(0.005)


async def main(url: str, keys: Path, port: int, gateway: str, at: datetime) -> None:
    custody = open_custody(keys, SystemChance(), lambda: datetime.now(UTC), known_check=None)
    storage = Storage(url, custody.keyring, BlindIndex(custody.keyring.derived(Purpose.BLIND_INDEX)))
    delivery = postman(storage, custody.keyring, FakeClock(at), port, gateway)
    os.write(1, f"ready {os.getpid()}\n".encode())
    await asyncio.gather(*(carry(delivery, channel) for channel in Channel))


if __name__ == "__main__":
    while line := sys.stdin.readline():
        if child := os.fork():
            os.waitpid(child, 0)
            os.write(1, b"dead\n")
        else:
            now = datetime.fromisoformat(line.strip())
            asyncio.run(main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4], now))
