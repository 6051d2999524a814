"""Certificates for trying the service in one's own network: a development authority and a leaf it signs.

ECDSA P-256. The authority may sign only for the hosts it was made for and for private networks, so that a
phone that trusts it can be deceived about nothing else (RFC 5280 section 4.2.1.10).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from telehealth.crypto.errors import NotCovered

LEAF_DAYS = 825
"""Phones refuse longer ones, even from an authority that their user trusts."""
AUTHORITY_DAYS = 3650
LEAF_NAME = "Telehealth development certificate"
"""No host name on purpose: where a leaf is for addresses only, OpenSSL holds its common name against the
authority's constraints as if it were one."""
SKEW = timedelta(hours=1)
PRIVATE_NAMES = ("localhost", "local", "internal", "home.arpa")
PRIVATE_NETWORKS = (
    "127.0.0.0/8",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "100.64.0.0/10",
    "::1/128",
    "fc00::/7",
    "fe80::/10",
)


@dataclass(frozen=True, slots=True)
class Identity:
    """A certificate and its private key as PEM texts."""

    certificate: str
    key: str = field(repr=False)


def new_authority(hosts: Sequence[str], now: datetime) -> Identity:
    """A development authority for these hosts and for private networks, good for ten years."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Telehealth development authority")])
    usage = _usage(key_cert_sign=True, crl_sign=True)
    names = [_constraint(host) for host in dict.fromkeys((*PRIVATE_NAMES, *hosts))]
    networks = [x509.IPAddress(ip_network(network)) for network in PRIVATE_NETWORKS]
    certificate = (
        _builder(name, name, key.public_key(), now, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.NameConstraints([*names, *networks], None), critical=True)
        .sign(key, SHA256())
    )
    return _identity(certificate, key)


def issue(authority: Identity, hosts: Sequence[str], now: datetime) -> Identity:
    """A leaf for host names and addresses, good for at most 825 days; its text holds the leaf alone.

    Raises NotCovered when a browser would refuse it: a host out of reach, an expired authority.
    """
    issuer = x509.load_pem_x509_certificate(authority.certificate.encode())
    issuer_key = load_pem_private_key(authority.key.encode(), None)
    assert isinstance(issuer_key, ec.EllipticCurvePrivateKey)  # noqa: S101 - new_authority makes no other
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, LEAF_NAME)])
    days = min(LEAF_DAYS, (issuer.not_valid_after_utc - now).days)
    if days < 1:
        message = "the development authority has expired; make a new one"
        raise NotCovered(message)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    certificate = (
        _builder(subject, issuer.subject, key.public_key(), now, days)
        .add_extension(x509.SubjectAlternativeName([_general(host) for host in hosts]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(identifier, critical=False)
        .sign(issuer_key, SHA256())
    )
    _require(issuer, certificate, hosts, now)
    return _identity(certificate, key)


def expires(identity: Identity) -> datetime:
    """The instant after which the certificate is refused."""
    return x509.load_pem_x509_certificate(identity.certificate.encode()).not_valid_after_utc


def fingerprint(identity: Identity) -> str:
    """SHA-256 of the certificate as people compare it: pairs of hex digits with colons."""
    certificate = x509.load_pem_x509_certificate(identity.certificate.encode())
    return certificate.fingerprint(SHA256()).hex(":").upper()


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SKEW)
        .not_valid_after(now - SKEW + timedelta(days=days))
    )


def _usage(
    *, digital_signature: bool = False, key_cert_sign: bool = False, crl_sign: bool = False
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _general(host: str) -> x509.DNSName | x509.IPAddress:
    address = _address(host)
    return x509.DNSName(host) if address is None else x509.IPAddress(address)


def _constraint(host: str) -> x509.DNSName | x509.IPAddress:
    address = _address(host)
    return x509.DNSName(host) if address is None else x509.IPAddress(ip_network(address))


def _require(issuer: x509.Certificate, leaf: x509.Certificate, hosts: Sequence[str], now: datetime) -> None:
    """Check the leaf as a browser would; one host out of reach makes it worthless for all."""
    policy = PolicyBuilder().store(Store([issuer])).time(now)
    try:
        for host in hosts:
            policy.build_server_verifier(_general(host)).verify(leaf, [])
    except VerificationError as error:
        names = ", ".join(hosts)
        message = (
            f"the development authority does not cover all of {names}; make a new one for them ({error})"
        )
        raise NotCovered(message) from error


def _identity(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Identity:
    key_text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Identity(certificate.public_bytes(Encoding.PEM).decode(), key_text.decode())
