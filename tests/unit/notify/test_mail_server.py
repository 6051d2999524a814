"""Where mail goes: the setting's address, read or refused without repeating its secrets."""

import ssl

import aiosmtplib
import pytest

from telehealth.notify.email import code_of, mail_server


def test_an_address_with_everything() -> None:
    server = mail_server("smtps://clinic%40care:p%2Fw@mail.example:2465")
    assert (server.host, server.port, server.tls) == ("mail.example", 2465, True)
    assert (server.user, server.password) == ("clinic@care", "p/w")
    assert "p/w" not in repr(server)


@pytest.mark.parametrize("url,port", [("smtp://mail.example", 25), ("smtps://mail.example", 465)])
def test_the_usual_ports(url: str, port: int) -> None:
    assert mail_server(url).port == port


@pytest.mark.parametrize("url", ["http://me:secret@mail", "secret", "smtp://", "smtp://h:secret"])
def test_other_texts_are_refused_without_repeating_them(url: str) -> None:
    with pytest.raises(ValueError) as refused:
        mail_server(url)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "error,code",
    [
        (aiosmtplib.SMTPRecipientsRefused([]), "recipient-refused"),
        (aiosmtplib.SMTPAuthenticationError(535, "no"), "login-refused"),
        (aiosmtplib.SMTPSenderRefused(550, "no", "x"), "sender-refused"),
        (aiosmtplib.SMTPConnectTimeoutError("slow"), "timeout"),
        (aiosmtplib.SMTPConnectError("gone"), "unreachable"),
        (aiosmtplib.SMTPDataError(552, "bo@home.example is full"), "smtp-552"),
        (ssl.SSLError("bad"), "tls-refused"),
        (ConnectionRefusedError(), "unreachable"),
        (ValueError("odd"), "smtp"),
    ],
)
def test_every_failure_has_a_code_that_names_no_one(error: Exception, code: str) -> None:
    assert code_of(error) == code
