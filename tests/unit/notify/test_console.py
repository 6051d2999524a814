"""The console: mail for eyes only, on a terminal and nowhere else."""

import io
import logging

import pytest

from telehealth.notify.console import ConsoleMessenger
from telehealth.services.ports import OutgoingMessage

MESSAGE = OutgoingMessage(
    "key", "bo@home.example", "A visit", "Hello\x1b[31m Bo\nhttps://care.example/v#token\n"
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


async def test_a_terminal_shows_the_mail_without_control_characters() -> None:
    terminal = Terminal()
    await ConsoleMessenger(terminal).send(MESSAGE)
    shown = terminal.getvalue()
    assert "To: bo@home.example\nSubject: A visit\n\nHello[31m Bo\nhttps://care.example/v#token\n" in shown
    assert "\x1b" not in shown


async def test_an_sms_is_shown_with_its_parts() -> None:
    terminal = Terminal()
    await ConsoleMessenger(terminal).send(OutgoingMessage("key", "+4930055501", "", "a" * 161))
    assert f"To: +4930055501\nSMS, parts: 2\n\n{'a' * 161}\n" in terminal.getvalue()


async def test_a_file_gets_no_word_of_it() -> None:
    file = io.StringIO()
    await ConsoleMessenger(file).send(MESSAGE)
    assert not any(word in file.getvalue() for word in ("bo@", "visit", "Hello", "token"))


async def test_the_log_gets_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        await ConsoleMessenger(Terminal()).send(MESSAGE)
    assert caplog.records == []
