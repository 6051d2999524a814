"""`telehealth serve`: open DATA, assemble, listen, and say in words what is running and what is missing."""

import sys
from argparse import Namespace
from dataclasses import replace
from typing import Any

import segno

from telehealth.app import Assembled, assemble
from telehealth.background import loops_of, sealed_log
from telehealth.commands import certs
from telehealth.commands.demo import announce_demo, demo_of
from telehealth.commands.keys import show_escrow
from telehealth.commands.relay import watch_of, with_relay
from telehealth.config import Config
from telehealth.crypto.chance import SystemChance
from telehealth.observability import start_logging
from telehealth.opening import BASE_URL, only_server, open_data
from telehealth.recorder import recording
from telehealth.relay.beside import relaying
from telehealth.services.lapses import Lapses
from telehealth.serving import Health, listen_for_end, serving, settle
from telehealth.sfu.beside import forwarding, installed, sfu_of
from telehealth.workers.loops import Loop, running


def add_to(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("serve", help="serve until SIGTERM or Ctrl-C")
    parser.add_argument("--demo", action="store_true", help="seed and keep fresh the demo cluster")
    parser.set_defaults(run=run)


async def run(config: Config, options: Namespace) -> int:
    """Serve until told to stop."""
    config = with_certificate(replace(config, demo=config.demo or options.demo))
    start_logging(config.log_level, plain=sys.stderr.isatty())
    with only_server(config):
        config, beside = with_relay(config)
        sfu = sfu_of(config, SystemChance())
        if sfu:
            sfu.write()
        async with open_data(config, make=True) as opened:
            assembled = assemble(opened, sfu.forwarder(opened.work.chance) if sfu else None)
            show_escrow(opened.custody.escrow)
            async with opened.storage.writing() as uow:
                await uow.meta.put(BASE_URL, config.public_url)
            if config.demo:
                await demo_of(assembled).prepare()
            await Lapses(work=opened.work, announcer=assembled.switchboard).nobody_is_connected()
            await assembled.services.company.recordings.nobody_records()
            watch, told = watch_of(opened, beside), listen_for_end()
            health = Health(opened, watch)
            async with (
                sealed_log(opened),
                relaying(watch, beside),
                recording(config),
                forwarding(sfu),
                serving(assembled, health),
                running(loops(assembled)),
            ):
                await _welcome(assembled)
                settle()
                await told.wait()
                health.draining = True
                print("Stopping: calls that are running go on.", flush=True)
            assembled.hashing.close()
    return 0


def loops(assembled: Assembled) -> list[Loop]:
    """Return everything that runs beside the server."""
    demo = [demo_of(assembled).loop()] if assembled.opened.config.demo else []
    return [*loops_of(assembled), *demo]


def with_certificate(config: Config) -> Config:
    """Return the configuration with a development certificate where HTTPS is to be served without one."""
    if not config.serves_https or config.tls_cert:
        return config
    everywhere = config.host in {"0.0.0.0", "::"}
    address = next(iter(certs.addresses()), "localhost") if everywhere else config.host
    certificate, key = certs.make([] if everywhere else [config.host])
    return replace(
        config,
        tls_cert=str(certificate),
        tls_key=str(key),
        base_url=config.base_url or f"https://{address}:{config.port}",
    )


async def _welcome(assembled: Assembled) -> None:
    """Print where the service is, how to sign in, and what is missing."""
    config = assembled.opened.config
    print(f"\nTelehealth is running on {config.public_url}\n")
    if not config.loopback:
        segno.make(config.public_url).terminal(sys.stdout, compact=True)
        print("Phones in this network: scan the code; accept the certificate or install certs/ca.pem.\n")
    if config.relay and config.turn_urls:
        print(f"Calls that find no direct way go through {config.turn_urls.split(',')[0]}\n")
    if config.demo:
        await announce_demo(assembled)
    for line in missing(config, terminal=sys.stdout.isatty()):
        print(f"Note: {line}")
    print("\nStop with Ctrl-C.", flush=True)


NO_GATEWAY = {
    False: "no SMS gateway is set: SMS are printed here too.",
    True: "no SMS gateway is set: patients are reached by e-mail only.",
}
"""Where there is a mail server, printing SMS would only hide that nobody gets them."""


def _unsent(config: Config, *, terminal: bool | None) -> list[str]:
    """Return which messages are printed instead of being sent, or reach nobody at all."""
    if not config.smtp_url and terminal is None:
        return [
            "no SMTP server is set: a server on a terminal prints messages there, any other one drops them."
        ]
    if not config.smtp_url and not terminal:
        reach = "e-mail reaches" if config.sms_url else "messages reach"
        return [f"no SMTP server is set, and this output is no terminal: {reach} nobody."]
    mail = [] if config.smtp_url else ["no SMTP server is set: e-mail is printed here instead of being sent."]
    return mail if config.sms_url else [*mail, NO_GATEWAY[bool(config.smtp_url)]]


def missing(config: Config, *, terminal: bool | None = None) -> list[str]:
    """Return, in words, what a real service would have and this one has not.

    `terminal`: whether somebody reads what the server prints, if that is known; a file is shown no message
    (notify/console.py).
    """
    lines = []
    if config.relay and not config.turn_urls:
        lines.append("RELAY=1 needs coturn, which is not installed here; on Debian: apt-get install coturn.")
    if not config.turn_urls:
        lines.append("no TURN relay is set: calls between strict networks will not connect.")
        if config.relay_only:
            lines.append("TELEHEALTH_RELAY_ONLY is set without a TURN relay: no call will connect at all.")
    lines += _unsent(config, terminal=terminal)
    if config.sfu and installed() is None:
        lines.append("SFU=1 needs Janus, which is not installed here; on Debian: apt-get install janus.")
    if config.secure and not config.key_dir and not config.key:
        lines.append(
            "the key directory lies inside DATA; set TELEHEALTH_KEY_DIR to keep keys apart from data."
        )
    if config.tls_cert.endswith("certs/leaf.pem"):
        lines.append("the certificate is for development; browsers will ask before they trust it.")
    return lines
