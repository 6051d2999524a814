"""The development certificates: what a browser would accept, and what they cannot be misused for."""

import ssl
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from telehealth.crypto.certificates import Identity, expires, fingerprint, issue, new_authority
from telehealth.crypto.errors import NotCovered

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOSTS = ["localhost", "192.168.1.20", "clinic.local", "127.0.0.1", "::1", "fd00::5", "video.example.org"]


@pytest.fixture(scope="module")
def authority() -> Identity:
    return new_authority(["video.example.org", "203.0.113.9"], NOW)


@pytest.fixture(scope="module")
def leaf(authority: Identity) -> Identity:
    return issue(authority, HOSTS, NOW)


def loaded(identity: Identity) -> x509.Certificate:
    return x509.load_pem_x509_certificate(identity.certificate.encode())


def accept(authority: Identity, leaf: Identity, host: str, at: datetime) -> None:
    """Verify the chain as a client does; raises VerificationError."""
    try:
        name: x509.DNSName | x509.IPAddress = x509.IPAddress(ip_address(host))
    except ValueError:
        name = x509.DNSName(host)
    verifier = PolicyBuilder().store(Store([loaded(authority)])).time(at).build_server_verifier(name)
    verifier.verify(loaded(leaf), [])


@pytest.mark.parametrize("host", HOSTS)
def test_the_chain_verifies_for_names_and_addresses(authority: Identity, leaf: Identity, host: str) -> None:
    accept(authority, leaf, host, NOW)
    accept(authority, leaf, host, NOW + timedelta(days=824))


@pytest.mark.parametrize("host", ["192.168.1.21", "other.local", "example.org"])
def test_the_leaf_is_for_its_own_hosts_only(authority: Identity, leaf: Identity, host: str) -> None:
    with pytest.raises(VerificationError):
        accept(authority, leaf, host, NOW)


def test_another_authority_does_not_vouch_for_the_leaf(leaf: Identity) -> None:
    with pytest.raises(VerificationError):
        accept(new_authority(HOSTS, NOW), leaf, "localhost", NOW)


def test_the_leaf_lives_for_825_days_at_most(authority: Identity, leaf: Identity) -> None:
    certificate = loaded(leaf)
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc == timedelta(days=825)
    with pytest.raises(VerificationError):
        accept(authority, leaf, "localhost", expires(leaf) + timedelta(seconds=1))


def test_a_clock_that_is_some_minutes_slow_accepts_it(authority: Identity, leaf: Identity) -> None:
    accept(authority, leaf, "localhost", NOW - timedelta(minutes=30))


def test_the_leaf_never_outlives_its_authority(authority: Identity) -> None:
    late = expires(authority) - timedelta(days=30)
    assert expires(issue(authority, ["localhost"], late)) <= expires(authority)


def test_an_expired_authority_issues_nothing(authority: Identity) -> None:
    with pytest.raises(NotCovered, match="expired"):
        issue(authority, ["localhost"], expires(authority))


@pytest.mark.parametrize(
    "host", ["bank.example", "example.org", "8.8.8.8", "203.0.113.10", "2001:4860:4860::8888"]
)
def test_a_stolen_authority_is_of_no_use_against_other_sites(authority: Identity, host: str) -> None:
    with pytest.raises(NotCovered, match=host):
        issue(authority, ["localhost", host], NOW)


def test_a_public_address_it_was_made_for_is_covered(authority: Identity) -> None:
    accept(authority, issue(authority, ["203.0.113.9"], NOW), "203.0.113.9", NOW)


def test_keys_are_p256_and_their_own(authority: Identity, leaf: Identity) -> None:
    keys = [loaded(identity).public_key() for identity in (authority, leaf)]
    assert all(isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == "secp256r1" for key in keys)
    assert keys[0] != keys[1]
    assert "PRIVATE" not in repr(leaf)


def test_openssl_loads_what_we_write(authority: Identity, leaf: Identity, tmp_path: Path) -> None:
    (tmp_path / "leaf.pem").write_text(leaf.certificate + leaf.key)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(tmp_path / "leaf.pem")
    client = ssl.create_default_context(cadata=authority.certificate)
    assert client.get_ca_certs()[0]["serialNumber"]


def test_openssl_shakes_hands_for_localhost_and_an_address(tmp_path: Path) -> None:
    """OpenSSL checks by the machine's clock, so these certificates are made now."""
    authority = new_authority([], datetime.now(UTC))
    leaf = issue(authority, ["localhost", "192.168.1.20"], datetime.now(UTC))
    (tmp_path / "leaf.pem").write_text(leaf.certificate + leaf.key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "leaf.pem")
    for host in ("localhost", "192.168.1.20"):
        to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
        client = ssl.create_default_context(cadata=authority.certificate).wrap_bio(
            to_client, to_server, server_hostname=host
        )
        server = context.wrap_bio(to_server, to_client, server_side=True)
        shake_hands(client, server)
        assert client.version() == "TLSv1.3"


def shake_hands(*ends: ssl.SSLObject) -> None:
    """Let both ends speak in turn until both are done."""
    done: set[ssl.SSLObject] = set()
    for _ in range(10):
        for end in ends:
            try:
                end.do_handshake()
                done.add(end)
            except ssl.SSLWantReadError:
                continue
    assert len(done) == 2


def test_the_fingerprint_is_what_a_browser_shows(leaf: Identity) -> None:
    shown = fingerprint(leaf)
    assert len(shown.split(":")) == 32
    assert shown == shown.upper()


@pytest.mark.parametrize(
    "hosts", [["127.0.0.1"], ["192.168.1.20", "127.0.0.1"], ["::1", "127.0.0.1"], ["localhost", "127.0.0.1"]]
)
def test_a_client_shakes_hands_with_a_leaf_for_addresses(hosts: list[str], tmp_path: Path) -> None:
    now = datetime.now(UTC)
    made = new_authority(hosts, now)
    issued = issue(made, hosts, now)
    (tmp_path / "leaf.pem").write_text(issued.certificate)
    (tmp_path / "leaf.key").write_text(issued.key)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(tmp_path / "leaf.pem", tmp_path / "leaf.key")
    client = ssl.create_default_context(cadata=made.certificate)
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = server.wrap_bio(up, down, server_side=True)
    theirs = client.wrap_bio(down, up, server_hostname="127.0.0.1")
    for _ in range(4):
        for side in (theirs, ours):
            with suppress(ssl.SSLWantReadError):
                side.do_handshake()
    assert theirs.getpeercert()
