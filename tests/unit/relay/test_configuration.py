"""The relay's configuration: it leads nobody into a network behind it, and is open to nobody unasked."""

from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest

from telehealth.config import BadSetting
from telehealth.relay.configuration import Settings, rendered, secret_of
from telehealth.relay.ranges import CLOSED, first_to_last

PUBLIC = Settings(realm="clinic.example", secret="5ec3e7", relay="10.0.0.5", public="203.0.113.9")
DEMO = Settings(realm="x", secret="5ec3e7", listen="127.0.0.1", relay="127.0.0.1", this_machine=True)


def options(settings: Settings, name: str) -> list[str]:
    """What the program reads of one option; an option without value is an empty text."""
    lines = [line for line in rendered(settings).splitlines() if not line.startswith("#")]
    return [value for key, _, value in (line.partition("=") for line in lines) if key == name]


def is_denied(settings: Settings, text: str) -> bool:
    """Decide as the program does: what is allowed by name goes before what is denied."""
    address = ip_address(text)
    if text in options(settings, "allowed-peer-ip"):
        return False
    ranges = [
        tuple(ip_address(end) for end in each.split("-")) for each in options(settings, "denied-peer-ip")
    ]
    return any(_holds(first, last, address) for first, last in ranges)


def _holds(
    first: IPv4Address | IPv6Address, last: IPv4Address | IPv6Address, address: IPv4Address | IPv6Address
) -> bool:
    return first.version == address.version and int(first) <= int(address) <= int(last)


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "0.255.255.255", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255"),
        *("127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255"),
        *("192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.0.1", "192.168.255.255"),
        *("198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1"),
        *("224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
        *("::1", "::2", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8"),
        *("64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1", "100::1", "2001::1"),
        *("2001:db8::1", "2002:7f00:1::1", "fc00::1", "fdff::1", "fe80::1", "febf::1", "fec0::1"),
        *("ff02::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ],
)
def test_nobody_is_led_to_what_is_nobodys_own(address: str) -> None:
    assert is_denied(PUBLIC, address)


@pytest.mark.parametrize(
    "address",
    [
        *("1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255"),
        *("128.0.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "223.255.255.255"),
        *("2001:200::1", "2003::1", "2600::1", "2a00:1450::1"),
    ],
)
def test_people_in_the_open_internet_are_reached(address: str) -> None:
    assert not is_denied(PUBLIC, address)


def test_the_relay_leads_to_its_own_addresses_and_not_to_their_neighbours() -> None:
    assert options(PUBLIC, "allowed-peer-ip") == ["10.0.0.5", "203.0.113.9"]
    assert is_denied(PUBLIC, "10.0.0.4")
    assert options(replace(PUBLIC, public=""), "allowed-peer-ip") == ["10.0.0.5"]


def test_on_one_machine_one_loopback_address_is_open() -> None:
    assert options(DEMO, "allow-loopback-peers") == [""]
    assert not is_denied(DEMO, "127.0.0.1")
    for other in ("127.0.0.2", "::1", "::ffff:127.0.0.1", "10.0.0.1"):
        assert is_denied(DEMO, other)
    assert options(PUBLIC, "allow-loopback-peers") == []


def test_no_range_begins_with_what_the_program_takes_for_everything() -> None:
    """`::` alone would keep everybody from everybody."""
    first = [ip_address(each.split("-")[0]) for each in options(PUBLIC, "denied-peer-ip")]
    assert ip_address("::") not in first


def test_every_range_says_what_it_is() -> None:
    text = rendered(PUBLIC)
    for network, meaning in CLOSED:
        assert f"# {network}: {meaning}\ndenied-peer-ip={first_to_last(network)}\n" in text


@pytest.mark.parametrize(
    "name, value",
    [
        *(("use-auth-secret", ""), ("static-auth-secret", "5ec3e7"), ("realm", "clinic.example")),
        *(("fingerprint", ""), ("stale-nonce", "600"), ("no-cli", ""), ("no-multicast-peers", "")),
        *(("no-tcp-relay", ""), ("no-dtls", ""), ("user-quota", "12"), ("total-quota", "2000")),
        *(("max-bps", "312500"), ("min-port", "49152"), ("max-port", "65535"), ("log-file", "/dev/null")),
        *(("external-ip", "203.0.113.9/10.0.0.5"), ("relay-ip", "10.0.0.5"), ("userdb", ":memory:")),
    ],
)
def test_it_is_open_to_whom_the_service_sends_and_within_limits(name: str, value: str) -> None:
    assert options(PUBLIC, name) == [value]


def test_without_a_certificate_there_is_no_tls_and_with_one_no_old_one() -> None:
    assert options(PUBLIC, "no-tls") == [""]
    secured = replace(PUBLIC, certificate=("/c.pem", "/k.pem"), tls_port=5349)
    assert options(secured, "no-tls") == []
    assert options(secured, "cert") + options(secured, "pkey") == ["/c.pem", "/k.pem"]
    assert options(secured, "tls-listening-port") == ["5349"]
    assert options(secured, "no-tlsv1") + options(secured, "no-tlsv1_1") == ["", ""]


def test_what_is_empty_is_left_to_the_program() -> None:
    plain = Settings(realm="x", secret="5ec3e7")
    for name in ("listening-ip", "relay-ip", "external-ip", "cert", "pidfile", "proc-user", "proc-group"):
        assert options(plain, name) == []


def test_no_value_breaks_its_line() -> None:
    with pytest.raises(BadSetting, match="realm"):
        rendered(replace(PUBLIC, realm="x\nallow-loopback-peers"))


def test_the_secret_is_read_back_and_is_not_shown() -> None:
    assert secret_of(rendered(PUBLIC)) == "5ec3e7"
    assert secret_of("# no secret here\n") == ""
    assert "5ec3e7" not in repr(PUBLIC)
