"""E-mail over SMTP: TLS from the start (smtps) or STARTTLS when offered, and one Message-ID per message."""

import ssl
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)

from telehealth.calendars import Between, calendar_file, method_of
from telehealth.services.letters import NotDelivered
from telehealth.services.ports import CalendarPart, Clock, OutgoingMessage

TIMEOUT = 15.0
"""Seconds for each answer of the server."""
PERMANENT = 500
"""From here on a server's answers mean: do not try again (RFC 5321, 4.2.1)."""
PORTS = {"smtp": 25, "smtps": 465}
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over."""

    host: str
    port: int
    tls: bool
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


def mail_server(url: str) -> MailServer:
    """Read `smtp://user:password@host:port` or `smtps://…`; raises ValueError without repeating the text."""
    wrong = "the mail server must be given as smtp://host:port or smtps://host:port"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError(wrong) from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError(wrong)
    return MailServer(
        host=parts.hostname,
        port=port or PORTS[parts.scheme],
        tls=parts.scheme == "smtps",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


class EmailMessenger:
    """Hands one message at a time to the server; raises NotDelivered with a code that names no one."""

    def __init__(
        self, *, server: MailServer, sender: str, clock: Clock, trust: ssl.SSLContext | None = None
    ) -> None:
        """`sender` is the From address; `trust` replaces the machine's list of certificate authorities."""
        self._server, self._sender, self._clock, self._trust = server, sender, clock, trust

    async def send(self, message: OutgoingMessage) -> None:
        """Send one message; returns when the server has taken it."""
        mail = self._mail(message)
        client = SMTP(
            hostname=self._server.host,
            port=self._server.port,
            use_tls=self._server.tls,
            start_tls=None,
            timeout=TIMEOUT,
            tls_context=self._trust,
        )
        try:
            async with client:
                await self._log_in(client)
                await client.send_message(mail, sender=self._sender, recipients=[message.to])
        except (SMTPException, OSError, ValueError) as error:
            raise NotDelivered(code_of(error), bounced=for_good(error)) from error

    async def _log_in(self, client: SMTP) -> None:
        """Give name and password, never over an open line to another machine."""
        if not self._server.user:
            return
        secret = client.transport is not None and client.transport.get_extra_info("ssl_object") is not None
        if not secret and self._server.host not in LOOPBACK:
            raise NotDelivered("no-tls")
        await client.login(self._server.user, self._server.password)

    def _mail(self, message: OutgoingMessage) -> EmailMessage:
        mail = EmailMessage()
        try:
            mail["From"] = self._from(message.sender)
            mail["To"] = Address(addr_spec=message.to)
            mail["Subject"] = message.subject
        except (ValueError, IndexError) as error:
            raise NotDelivered("bad-address", final=True) from error
        mail["Date"] = format_datetime(self._clock.now())
        mail["Message-ID"] = f"<{message.key}@{self._sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
        if message.html:
            mail.add_alternative(message.html, subtype="html")
        for at, part in enumerate(message.calendars, 1):
            self._add_calendar(mail, message, part, at)
        return mail

    def _add_calendar(
        self, mail: EmailMessage, message: OutgoingMessage, part: CalendarPart, at: int
    ) -> None:
        """Add what calendars read (RFC 6047): beside the words, its method also in its type.

        A file of REQUEST or CANCEL is about one UID (RFC 5546, 3.2): of several the others are attached.
        """
        between = Between(self._sender, message.sender, message.to)
        advice = "" if part.entry.cancelled else part.advice
        told = {"title": part.title, "advice": advice, "place": part.place}
        file = calendar_file(part.entry, **told, now=part.made_at, between=between)
        method = method_of(part.entry, between).value
        if at == 1:
            mail.add_alternative(file.decode(), subtype="calendar", params={"method": method})
        else:
            name = f"visit-{at}.ics"
            mail.add_attachment(file.decode(), subtype="calendar", filename=name, params={"method": method})

    def _from(self, name: str) -> Address | str:
        """Return the sender, called by the clinic's name where there is one."""
        return Address(display_name=name, addr_spec=self._sender) if name else self._sender


CODES: tuple[tuple[type[Exception], str], ...] = (
    (SMTPAuthenticationError, "login-refused"),
    (SMTPRecipientsRefused, "recipient-refused"),
    (SMTPSenderRefused, "sender-refused"),
    (SMTPTimeoutError, "timeout"),
    (TimeoutError, "timeout"),
    (SMTPConnectError, "unreachable"),
    (SMTPServerDisconnected, "disconnected"),
    (ssl.SSLError, "tls-refused"),
    (OSError, "unreachable"),
)


def for_good(error: Exception) -> bool:
    """Whether the server refused this reader or this mail with a 5xx; those about ourselves may pass."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(each.code >= PERMANENT for each in error.recipients)
    return isinstance(error, SMTPDataError) and error.code >= PERMANENT


def code_of(error: Exception) -> str:
    """Return a stable code for what went wrong; a server's own words often repeat the address."""
    if isinstance(error.__cause__, ssl.SSLError):  # a refused certificate arrives as a failed connection
        return "tls-refused"
    for kind, code in CODES:
        if isinstance(error, kind):
            return code
    return f"smtp-{error.code}" if isinstance(error, SMTPResponseException) else "smtp"
