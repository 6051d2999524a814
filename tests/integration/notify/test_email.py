"""E-mail against a real SMTP server in a process of its own."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from telehealth.notify.email import EmailMessenger, MailServer
from telehealth.services.letters import NotDelivered
from telehealth.services.ports import OutgoingMessage
from tests.fakes import FakeClock
from tests.services import programs
from tests.services.smtp import SmtpSink

MESSAGE = OutgoingMessage(
    key="0192",
    to="bo@home.example",
    subject="Clínica: su visita con la Dra. Ñandú 请",
    text="Hola Bo:\n\nhttps://care.example/v?lang=es#" + "x" * 43 + "\n",
)


def messenger(host: str, port: int, **parts: str) -> EmailMessenger:
    clock = FakeClock(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    server = MailServer(host, port, tls=False, **parts)
    return EmailMessenger(server=server, sender="visits@care.example", clock=clock)


async def test_a_message_arrives_whole(smtp_sink: SmtpSink) -> None:
    await messenger(smtp_sink.host, smtp_sink.port).send(MESSAGE)
    (mail,) = await smtp_sink.wait_for(1)
    assert (mail["From"], mail["To"]) == ("visits@care.example", "bo@home.example")
    assert (mail["X-MailFrom"], mail["X-RcptTo"]) == ("visits@care.example", "bo@home.example")
    assert mail["Subject"] == MESSAGE.subject
    assert mail["Date"] == "Mon, 23 Nov 2026 09:00:00 +0000"
    assert mail.get_content() == MESSAGE.text
    assert mail["Auto-Submitted"] == "auto-generated"


async def test_an_html_part_and_the_clinics_name_go_along(smtp_sink: SmtpSink) -> None:
    both = replace(MESSAGE, html="<p>请 Hola</p>\n", sender="Clínica, Río")
    await messenger(smtp_sink.host, smtp_sink.port).send(both)
    (mail,) = await smtp_sink.wait_for(1)
    assert mail["From"].addresses[0].display_name == "Clínica, Río"
    assert mail["From"].addresses[0].addr_spec == "visits@care.example"
    plain, html = mail.iter_parts()
    assert (plain.get_content(), html.get_content()) == (both.text, both.html)
    assert [part.get_content_type() for part in (mail, plain, html)] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


async def test_a_repeated_message_keeps_its_id(smtp_sink: SmtpSink) -> None:
    for _ in range(2):
        await messenger(smtp_sink.host, smtp_sink.port).send(MESSAGE)
    mails = await smtp_sink.wait_for(2)
    assert {mail["Message-ID"] for mail in mails} == {"<0192@care.example>"}


async def test_nobody_listening_is_unreachable() -> None:
    with pytest.raises(NotDelivered) as refused:
        await messenger("127.0.0.1", programs.free_port()).send(MESSAGE)
    assert (refused.value.code, refused.value.final) == ("unreachable", False)


@pytest.mark.parametrize("to", ["", "bo", "bo@home.example\r\nRCPT TO:<x@y>", "bo@home.example, x@y.example"])
async def test_an_address_that_is_none_is_given_up(smtp_sink: SmtpSink, to: str) -> None:
    bad = OutgoingMessage("k", to, "s", "t")
    with pytest.raises(NotDelivered) as refused:
        await messenger(smtp_sink.host, smtp_sink.port).send(bad)
    assert (refused.value.code, refused.value.final) == ("bad-address", True)
    assert smtp_sink.messages() == []


async def test_a_subject_with_line_breaks_adds_no_header(smtp_sink: SmtpSink) -> None:
    bad = OutgoingMessage("k", "bo@home.example", "s\r\nBcc: x@y.example", "t")
    with pytest.raises(NotDelivered):
        await messenger(smtp_sink.host, smtp_sink.port).send(bad)
    assert smtp_sink.messages() == []


@pytest.mark.parametrize(
    "word,answer,code,bounced",
    [
        (b"RCPT", b"550 bo@home.example unknown", "recipient-refused", True),
        (b"RCPT", b"450 bo@home.example is full", "recipient-refused", False),
        (b"DATA", b"554 no such words here", "smtp-554", True),
        (b"DATA", b"451 try later", "smtp-451", False),
        (b"MAIL", b"550 not from you", "sender-refused", False),
    ],
)
async def test_a_refusal_of_the_reader_is_final_and_one_of_ours_may_pass(
    word: bytes, answer: bytes, code: str, bounced: bool
) -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            answers = {b"QUIT": b"221 bye", word: answer}
            writer.write(answers.get(line.split()[0].upper(), b"250 fine") + b"\r\n")
        writer.close()
        await writer.wait_closed()
        gone.set()

    gone = asyncio.Event()
    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(NotDelivered) as refused:
            await messenger("127.0.0.1", port).send(MESSAGE)
        await asyncio.wait_for(gone.wait(), 5)
    assert (refused.value.code, refused.value.bounced, refused.value.final) == (code, bounced, bounced)
    assert "bo@" not in str(refused.value)


async def test_a_silent_server_is_a_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("telehealth.notify.email.TIMEOUT", 0.1)
    gone = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        await writer.wait_closed()
        gone.set()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(NotDelivered) as refused:
            await messenger("127.0.0.1", port).send(MESSAGE)
        await asyncio.wait_for(gone.wait(), 5)
    assert refused.value.code == "timeout"
