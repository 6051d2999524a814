"""SMS against a gateway in a process of its own: what is sent, what may be tried again, what never is."""

import ssl

import pytest

from telehealth.domain.outbox import UNSURE
from telehealth.notify.sms import Gateway, SmsMessenger
from telehealth.services.letters import NotDelivered
from telehealth.services.ports import OutgoingMessage
from tests.services import programs
from tests.services.gateway import TOKEN, SmsSink

TEXT = "Clínica: su visita 請 https://care.example/v?lang=es#" + "x" * 43


def messenger(url: str, token: str = TOKEN, *, private: bool = True) -> SmsMessenger:
    return SmsMessenger(gateway=Gateway(url, "Hillside", token, private))


def sms(ending: str = "0001") -> OutgoingMessage:
    return OutgoingMessage(key=f"0192-{ending}", to=f"+4930055{ending}", subject="", text=TEXT)


async def refused(sink: SmsSink, ending: str) -> NotDelivered:
    with pytest.raises(NotDelivered) as raised:
        await messenger(sink.url).send(sms(ending))
    assert "+49" not in str(raised.value)
    return raised.value


async def test_a_message_arrives_whole_under_its_key(sms_sink: SmsSink) -> None:
    await messenger(sms_sink.url).send(sms())
    assert sms_sink.messages() == [
        {
            "reference": "0192-0001",
            "from": "Hillside",
            "to": "+49300550001",
            "text": TEXT,
            "key": "0192-0001",
            "authorization": f"Bearer {TOKEN}",
        }
    ]


async def test_what_the_gateway_had_before_counts_as_sent(sms_sink: SmsSink) -> None:
    await messenger(sms_sink.url).send(sms("0409"))


@pytest.mark.parametrize(
    "ending,code",
    [("0302", "no-gateway"), ("0401", "login-refused"), ("0429", "busy"), ("0503", "busy")],
)
async def test_where_the_gateway_did_nothing_it_is_tried_again(
    sms_sink: SmsSink, ending: str, code: str
) -> None:
    error = await refused(sms_sink, ending)
    assert (error.code, error.final) == (code, False)
    assert sms_sink.messages() == []


async def test_a_number_that_is_refused_bounces(sms_sink: SmsSink) -> None:
    error = await refused(sms_sink, "0400")
    assert (error.code, error.bounced, error.final) == ("recipient-refused", True, True)


@pytest.mark.parametrize("ending", ["0500", "0555", "0666", "0999"])
async def test_whatever_may_be_out_is_never_tried_again(sms_sink: SmsSink, ending: str) -> None:
    error = await refused(sms_sink, ending)
    assert (error.code, error.final, error.bounced) == (UNSURE, True, False)


@pytest.mark.parametrize("ending", ["0777", "0888"])
async def test_a_gateway_that_drips_or_hangs_is_left_in_time(
    sms_sink: SmsSink, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("telehealth.notify.sms.TIMEOUT", 0.5)
    error = await refused(sms_sink, ending)
    assert (error.code, error.final) == (UNSURE, True)


async def test_nobody_listening_is_unreachable() -> None:
    url = f"http://127.0.0.1:{programs.free_port()}/messages"
    with pytest.raises(NotDelivered) as raised:
        await messenger(url).send(sms())
    assert (raised.value.code, raised.value.final) == ("unreachable", False)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_private_address_is_refused_unless_it_is_allowed(sms_sink: SmsSink, host: str) -> None:
    url = sms_sink.url.replace("127.0.0.1", host)
    with pytest.raises(NotDelivered) as raised:
        await messenger(url, private=False).send(sms())
    assert (raised.value.code, raised.value.final) == ("private-address", False)
    assert sms_sink.messages() == []


async def test_a_gateway_that_speaks_no_tls_is_told_nothing(sms_sink: SmsSink) -> None:
    with pytest.raises(NotDelivered) as raised:
        await messenger(sms_sink.url.replace("http:", "https:")).send(sms())
    assert (raised.value.code, raised.value.final) == ("tls-refused", False)
    assert sms_sink.messages() == []


def test_certificates_are_checked() -> None:
    trust = SmsMessenger(gateway=Gateway("https://gateway.example", "x", "t"))._trust
    assert (trust.verify_mode, trust.check_hostname) == (ssl.CERT_REQUIRED, True)
