"""E-mail over TLS: passwords and mail leave only on a line that was checked."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from telehealth.crypto.certificates import issue, new_authority
from telehealth.notify.email import EmailMessenger, MailServer
from telehealth.services.letters import NotDelivered
from telehealth.services.ports import OutgoingMessage
from tests.fakes import FakeClock
from tests.fakes.outside import MONDAY

MESSAGE = OutgoingMessage("0192", "bo@home.example", "A visit", "Hello Bo\n")
HOSTS = ["localhost", "127.0.0.1", "127.0.0.2"]
ANY_DAY = 0x200000
"""X509_V_FLAG_NO_CHECK_TIME: OpenSSL asks the machine's clock, and these certificates are of a fixed day."""


class Line:
    """A scripted SMTP server that writes down what it hears and on what kind of line."""

    def __init__(self, tls: ssl.SSLContext, *, starttls: bool) -> None:
        self.heard: list[str] = []
        self.port = 0
        self._tls, self._starttls = tls, starttls
        self._handlers: set[asyncio.Task[None] | None] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._handlers.add(asyncio.current_task())
        writer.write(b"220 here\r\n")
        try:
            while line := await reader.readline():
                await self._answer(line.decode().strip(), reader, writer)
        except (ConnectionError, ssl.SSLError):
            pass
        finally:
            writer.close()

    async def _answer(self, line: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        secure = writer.get_extra_info("ssl_object") is not None
        word = line.split(maxsplit=1)[0].upper()
        self.heard.append(f"{'tls' if secure else 'plain'} {word}")
        if word == "EHLO":
            offer = b"250-STARTTLS\r\n" if self._starttls and not secure else b""
            writer.write(b"250-here\r\n" + offer + b"250 AUTH PLAIN\r\n")
        elif word == "STARTTLS":
            writer.write(b"220 go\r\n")
            await writer.drain()
            await writer.start_tls(self._tls)
        elif word == "DATA":
            writer.write(b"354 go\r\n")
            await reader.readuntil(b"\r\n.\r\n")
            writer.write(b"250 taken\r\n")
        else:
            writer.write({"AUTH": b"235 welcome\r\n", "QUIT": b"221 bye\r\n"}.get(word, b"250 fine\r\n"))

    async def ended(self) -> None:
        await asyncio.gather(*(task for task in self._handlers if task), return_exceptions=True)


@asynccontextmanager
async def listening(line: Line, host: str, tls: ssl.SSLContext | None) -> AsyncIterator[Line]:
    server = await asyncio.start_server(line.serve, host, 0, ssl=tls)
    async with server:
        line.port = server.sockets[0].getsockname()[1]
        yield line
        await line.ended()


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The server's context, and a client's that trusts it."""
    folder: Path = tmp_path_factory.mktemp("tls")
    authority = new_authority(HOSTS, MONDAY)
    leaf = issue(authority, HOSTS, MONDAY)
    (folder / "leaf.pem").write_text(leaf.certificate + leaf.key)
    (folder / "ca.pem").write_text(authority.certificate)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "leaf.pem")
    client = ssl.create_default_context(cafile=str(folder / "ca.pem"))
    client.verify_flags |= ssl.VerifyFlags(ANY_DAY)
    return server, client


Send = Callable[..., Awaitable[list[str]]]


@pytest.fixture
def send(certificates: tuple[ssl.SSLContext, ssl.SSLContext]) -> Send:
    """Send one message to a scripted server and give what the server heard."""
    tls, trust = certificates

    async def sent(
        *, host: str = "127.0.0.1", smtps: bool = False, starttls: bool = False, trusted: bool = True
    ) -> list[str]:
        async with listening(Line(tls, starttls=starttls), host, tls if smtps else None) as line:
            server = MailServer(host, line.port, smtps, "clinic", "secret")
            messenger = EmailMessenger(
                server=server,
                sender="visits@care.example",
                clock=FakeClock(),
                trust=trust if trusted else None,
            )
            try:
                await messenger.send(MESSAGE)
            except NotDelivered as error:
                return [*line.heard, error.code]
        return line.heard

    return sent


async def test_smtps_speaks_tls_from_the_first_byte(send: Send) -> None:
    heard = await send(smtps=True)
    assert heard == ["tls EHLO", "tls AUTH", "tls MAIL", "tls RCPT", "tls DATA", "tls QUIT"]


async def test_an_offered_starttls_is_taken_before_anything_else(send: Send) -> None:
    heard = await send(starttls=True)
    assert heard[:4] == ["plain EHLO", "plain STARTTLS", "tls EHLO", "tls AUTH"]
    assert "tls DATA" in heard


@pytest.mark.parametrize("way", ["smtps", "starttls"])
async def test_a_certificate_that_nobody_vouches_for_gets_nothing(send: Send, way: str) -> None:
    heard = await send(**{way: True}, trusted=False)
    assert heard[-1] == "tls-refused"
    assert not any(word in line for line in heard for word in ("AUTH", "MAIL", "DATA"))


async def test_no_password_over_an_open_line_to_another_machine(send: Send) -> None:
    heard = await send(host="127.0.0.2")
    assert heard[-1] == "no-tls"
    assert not any("AUTH" in line or "MAIL" in line for line in heard)


async def test_a_server_on_this_machine_may_be_plain(send: Send) -> None:
    assert "plain AUTH" in await send()
