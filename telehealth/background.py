"""What runs beside the server: the outbox, the audit chain, what has run out, revocations from elsewhere."""

import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telehealth.app import Assembled
from telehealth.config import Config
from telehealth.crypto.purposes import Purpose
from telehealth.domain.outbox import LINK_WANTED, PASSWORD_FORGOTTEN, Channel
from telehealth.notify.console import ConsoleMessenger
from telehealth.notify.email import EmailMessenger, mail_server
from telehealth.notify.hooks import HttpsHook
from telehealth.notify.sms import Gateway, SmsMessenger
from telehealth.opening import Opened
from telehealth.services.announcing import Announcing
from telehealth.services.audit_chain import AuditChain
from telehealth.services.delivery import Delivery
from telehealth.services.erasing import Erasing, Files
from telehealth.services.export_run import ExportRun
from telehealth.services.ports import Clock, Messenger
from telehealth.storage.spools import SpoolFiles
from telehealth.storage.tapes import TapeFiles
from telehealth.workers.alerting import alerting
from telehealth.workers.announcing import telling
from telehealth.workers.auditing import AnchorFile
from telehealth.workers.background import background
from telehealth.workers.cleaning import erasing, going_on
from telehealth.workers.exporting import exporting
from telehealth.workers.line_records import recording
from telehealth.workers.loops import Loop

ANCHORS = "audit-anchors.jsonl"

logger = logging.getLogger(__name__)


def loops_of(assembled: Assembled) -> list[Loop]:
    """Return every loop of one server."""
    opened = assembled.opened
    steps = background(
        work=opened.work,
        delivery=delivery_of(assembled),
        chain=chain_of(opened),
        sessions=assembled.services.sessions,
        announcer=assembled.announcer,
        lines=assembled.announcer.lines,
        connected=assembled.switchboard.staff,
        offers=assembled.services.appointments.offers,
    )
    services = assembled.services
    more = (
        recording(assembled.recorder),
        erasing(services.company.recordings),
        going_on(erasing_of(opened)),
        alerting(services.audit.alerts),
        telling(announcing_of(opened)),
        *exporting(ExportRun(work=opened.work, spools=SpoolFiles(opened.config.exports, opened.work.chance))),
    )
    return [*steps, *more]


def announcing_of(opened: Opened) -> Announcing:
    """Return what tells programs of what is new in the record."""
    hook = HttpsHook(private=opened.config.hooked)
    return Announcing(work=opened.work, hook=hook, base=f"{opened.config.public_url}/fhir/R4")


def erasing_of(opened: Opened) -> Erasing:
    """Return what erases patients."""
    config, work = opened.config, opened.work
    files = Files(TapeFiles(config.tapes), SpoolFiles(config.exports, work.chance))
    return Erasing(work=work, keys=opened.custody.keyring, files=files, years=config.retention_years)


def delivery_of(assembled: Assembled) -> Delivery:
    """Return what empties the outbox."""
    opened = assembled.opened
    return Delivery(
        work=opened.work,
        messengers=messengers_of(opened.config, opened.work.clock),
        words=assembled.words,
        invitations=assembled.invitations,
        wishes={
            PASSWORD_FORGOTTEN: assembled.services.recovery.ask_password_reset,
            LINK_WANTED: assembled.services.messages.resending.answer,
        },
    )


def messengers_of(config: Config, clock: Clock) -> dict[Channel, Messenger]:
    """Return the ways out: those that are set, or the terminal for all of them where none is.

    E-mail keeps the terminal where only SMS is set, for the staff's own letters.
    """
    console = ConsoleMessenger(sys.stdout)
    found: dict[Channel, Messenger] = {Channel.EMAIL: console}
    if config.smtp_url:
        server = mail_server(config.smtp_url)
        found[Channel.EMAIL] = EmailMessenger(server=server, sender=config.mail_from, clock=clock)
    if config.sms_url:
        found[Channel.SMS] = SmsMessenger(
            gateway=Gateway(config.sms_url, config.sms_sender, config.sms_token, config.sms_private)
        )
    elif not config.smtp_url:
        found[Channel.SMS] = console
    return found


def chain_of(opened: Opened) -> AuditChain:
    """Return the audit chain with its anchors in DATA."""
    key = opened.custody.keyring.derived(Purpose.AUDIT_ANCHOR)
    anchors = AnchorFile(opened.config.data / ANCHORS, opened.custody.store)
    return AuditChain(work=opened.work, anchors=anchors, anchor_key=key)


@asynccontextmanager
async def sealed_log(opened: Opened) -> AsyncIterator[None]:
    """Link and sign the audit log before the block and after it, whatever became of it meanwhile."""
    chain = chain_of(opened)
    await chain.seal()
    try:
        yield
    finally:
        try:
            await chain.seal()
        except Exception:
            logger.exception("the end of the audit log was not signed")
