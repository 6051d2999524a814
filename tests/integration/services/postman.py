"""The child processes of test_killed_worker.py: each empties the outbox until it is killed.

Arguments: the database's URL, the key directory, the mail server's port, the gateway's URL. The imports are
done once: this process forks one child for each line that comes in, which holds how many minutes later it is.
A child says `ready <pid>`; this process says `dead` after each child.
"""

import asyncio
import os
import sys
from datetime import UTC, datetime, timedelta
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
from tests.integration.storage.cast import NOW
from tests.services.gateway import TOKEN


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


async def carry(delivery: Delivery, channel: Channel) -> None:
    """Send what is due, for ever."""
    while True:
        await delivery.send_due(channel)
        await asyncio.sleep(0.005)


async def main(url: str, keys: Path, port: int, gateway: str, minutes: int) -> None:
    custody = open_custody(keys, SystemChance(), lambda: datetime.now(UTC), known_check=None)
    storage = Storage(url, custody.keyring, BlindIndex(custody.keyring.derived(Purpose.BLIND_INDEX)))
    clock = FakeClock(NOW + timedelta(minutes=minutes))
    delivery = postman(storage, custody.keyring, clock, port, gateway)
    os.write(1, f"ready {os.getpid()}\n".encode())
    await asyncio.gather(*(carry(delivery, channel) for channel in Channel))


if __name__ == "__main__":
    while line := sys.stdin.readline():
        if child := os.fork():
            os.waitpid(child, 0)
            os.write(1, b"dead\n")
        else:
            asyncio.run(main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4], int(line)))
