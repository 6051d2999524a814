"""`telehealth recorder`: the process that writes recordings down, beside the server that tells it when."""

import asyncio
import sys
from argparse import Namespace
from typing import Any

from signaling.media.recorder import Recorder
from telehealth.config import Config
from telehealth.crypto.chance import SystemChance
from telehealth.observability import start_logging
from telehealth.serving import listen_for_end


def add_to(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("recorder", help="write recordings that a server on this DATA asks for")
    parser.add_argument("--beside", action="store_true", help="end with the server that started this")
    parser.set_defaults(run=run)


async def run(config: Config, options: Namespace) -> int:
    """Record until told to stop, or (`--beside`) until the server behind standard input is gone."""
    start_logging(config.log_level, plain=sys.stderr.isatty())
    recorder = Recorder(config.recorder_socket, config.tapes, SystemChance())
    ends: list[asyncio.Future[object]] = [asyncio.ensure_future(listen_for_end().wait())]
    if options.beside:
        ends.append(asyncio.ensure_future(_server_gone()))
    async with recorder.listening():
        if not options.beside:
            print(f"Recording what a server on {config.data} asks for. Stop with Ctrl-C.", flush=True)
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    return 0


async def _server_gone() -> None:
    """Wait for the end of standard input, which a server holds open as long as it lives."""
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    await reader.read()
