"""Settings from the environment: what cannot be used is named, and nothing secret is repeated."""

import pytest

from telehealth.app import ways_of
from telehealth.background import messengers_of
from telehealth.commands.serve import missing
from telehealth.config import BadSetting, Config, from_environment
from telehealth.domain.outbox import EVERY_WAY, Channel
from tests.fakes import FakeClock


@pytest.mark.parametrize(
    "name, text",
    [
        ("DEMO", "maybe"),
        ("RELAY_ONLY", "2"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "eighty"),
        ("METRICS_PORT", "70000"),
        ("LOG_LEVEL", "chatty"),
        ("SMTP_URL", "mail.example"),
        ("SMTP_URL", "http://mail.example"),
        ("SMTP_URL", "smtp://mail.example:many"),
        ("DATABASE_URL", "telehealth.sqlite"),
        ("DATABASE_URL", "mysql://somewhere/else"),
        ("DATABASE_URL", "postgresql://somewhere:99999/else"),
        ("BASE_URL", "clinic.example"),
        ("SMS_URL", "gateway.example/messages"),
        ("SMS_URL", "http://gateway.example/messages"),
        ("SMS_SENDER", "a name far too long"),
        ("SMS_SENDER", "Bad\r\nname"),
    ],
)
def test_what_cannot_be_used_is_named(name: str, text: str) -> None:
    with pytest.raises(BadSetting, match=f"TELEHEALTH_{name} must be"):
        from_environment({f"TELEHEALTH_{name}": text})


@pytest.mark.parametrize("name", ["SMTP_URL", "DATABASE_URL"])
def test_a_refused_url_is_not_repeated(name: str) -> None:
    with pytest.raises(BadSetting) as refused:
        from_environment({f"TELEHEALTH_{name}": "ftp://user:hush@place"})
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize(
    "text, truth",
    [(word, True) for word in ("1", "true", "Yes", "on")]
    + [(word, False) for word in ("0", "FALSE", "no", "off")],
)
def test_words_of_truth(text: str, truth: bool) -> None:
    assert from_environment({"TELEHEALTH_RELAY_ONLY": text}).relay_only is truth


def test_usual_settings_are_taken() -> None:
    config = from_environment(
        {
            "TELEHEALTH_DATABASE_URL": "postgresql://user:pw@db.example/telehealth",
            "TELEHEALTH_SMTP_URL": "smtps://user:pw@mail.example",
            "TELEHEALTH_METRICS_PORT": "0",
            "TELEHEALTH_LOG_LEVEL": "DEBUG",
            "TELEHEALTH_HOST": "0.0.0.0",
            "TELEHEALTH_TLS_CERT": "own.pem",
            "TELEHEALTH_BASE_URL": "https://clinic.example",
        }
    )
    assert config.public_url == "https://clinic.example"
    for url in ("sqlite:////tmp/x.sqlite", "postgresql:///x?host=/run/pg", "sqlite+aiosqlite:///x.sqlite"):
        assert from_environment({"TELEHEALTH_DATABASE_URL": url}).database == url


def test_a_gateway_without_tls_is_taken_where_private_ones_are_allowed() -> None:
    settings = {"TELEHEALTH_SMS_URL": "http://10.0.0.7/sms", "TELEHEALTH_SMS_PRIVATE": "1"}
    assert from_environment(settings).sms_url == "http://10.0.0.7/sms"


@pytest.mark.parametrize(
    "config,ways",
    [
        (Config(), EVERY_WAY),
        (Config(smtp_url="smtp://mail.example"), {Channel.EMAIL}),
        (Config(sms_url="https://gateway.example"), {Channel.SMS}),
        (Config(smtp_url="smtp://mail.example", sms_url="https://gateway.example"), EVERY_WAY),
    ],
)
def test_patients_are_reached_by_what_is_set_and_on_the_terminal_where_nothing_is(
    config: Config, ways: set[Channel]
) -> None:
    assert ways_of(config) == ways
    assert ways <= set(messengers_of(config, FakeClock()))
    told = [line for line in missing(config, terminal=True) if "SMS" in line]
    assert bool(told) is not bool(config.sms_url)


def test_secrets_stay_out_of_what_is_printed() -> None:
    shown = repr(
        Config(
            database_url="postgresql://u:hush@h/d", smtp_url="smtp://u:hush@h", key="hush", sms_token="hush"
        )
    )
    assert "hush" not in shown


def test_an_own_certificate_beyond_this_machine_needs_its_url() -> None:
    settings = {"TELEHEALTH_HOST": "0.0.0.0", "TELEHEALTH_TLS_CERT": "own.pem"}
    with pytest.raises(BadSetting, match="set TELEHEALTH_BASE_URL"):
        from_environment(settings)
    assert from_environment(settings | {"TELEHEALTH_HOST": "localhost"}).serves_https


def test_relay_only_without_a_relay_is_pointed_out() -> None:
    assert any("TELEHEALTH_RELAY_ONLY" in line for line in missing(Config(relay_only=True), terminal=True))
    related = missing(Config(turn_urls="turn:relay.example"), terminal=True)
    assert not any("TELEHEALTH_RELAY_ONLY" in line for line in related)


def test_where_nobody_reads_what_is_printed_the_start_says_that_messages_reach_nobody() -> None:
    told = "\n".join(missing(Config(), terminal=False))
    assert "messages reach nobody" in told
    assert "printed here" not in told


def test_whoever_looks_at_the_installation_reads_what_servers_do_and_not_what_this_output_would() -> None:
    told = "\n".join(missing(Config()))
    assert "a server on a terminal prints messages there" in told
    assert "messages reach nobody" not in told
