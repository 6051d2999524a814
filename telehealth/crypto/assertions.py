"""What programs sign to say who they are: JSON Web Tokens (RFC 7515, 7519) under RS384 or ES384, no other.

The key decides the algorithm, never the token: an RSA key checks RS384 alone, a P-384 key ES384 alone.
"""

import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA384

from telehealth.crypto.errors import BadKeys

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey
LONGEST, MOST_KEYS = 8_000, 10
"""Characters of an assertion, and keys of a program."""
SMALLEST_RSA, LARGEST_RSA = 2048, 4096
HALF = 48
"""Bytes of each half of a signature under ES384 (RFC 7518, 3.4)."""
SECRET = frozenset({"d", "p", "q", "dp", "dq", "qi", "k", "oth"})
"""Members of a private key (RFC 7518, 6)."""


def keys_of(text: str) -> dict[str, PublicKey]:
    """Return the public keys of a JSON Web Key Set by their `kid`; raises BadKeys for anything else."""
    try:
        listed = json.loads(text)["keys"]
        found = {str(each["kid"]): _key(each) for each in listed}
    except (ValueError, KeyError, TypeError) as error:
        raise BadKeys("This is no set of public keys (JWKS) for RS384 or ES384, each with a kid.") from error
    if not found or "" in found or len(found) != len(listed) or len(found) > MOST_KEYS:
        raise BadKeys(f"Give one to {MOST_KEYS} keys, each with a kid of its own.")
    return found


def _key(jwk: Mapping[str, Any]) -> PublicKey:
    if SECRET & jwk.keys():
        raise BadKeys("This is a private key: keep it, and give the public one.")
    if jwk["kty"] == "RSA":
        key = rsa.RSAPublicNumbers(_number(jwk["e"]), _number(jwk["n"])).public_key()
        if not SMALLEST_RSA <= key.key_size <= LARGEST_RSA:
            raise BadKeys(f"An RSA key has {SMALLEST_RSA} to {LARGEST_RSA} bits.")
        return key
    if (jwk["kty"], jwk["crv"]) != ("EC", "P-384"):
        raise BadKeys("Keys are RSA, or of the curve P-384.")
    return ec.EllipticCurvePublicNumbers(_number(jwk["x"]), _number(jwk["y"]), ec.SECP384R1()).public_key()


def key_id(token: str) -> str:
    """Return which key a token says it is signed with; empty where it does not look like a token of ours."""
    head = _json(token.partition(".")[0]) if len(token) <= LONGEST else {}
    ours = head.get("alg") in ("RS384", "ES384") and "crit" not in head
    return str(head.get("kid", "")) if ours else ""


def unverified_issuer(token: str) -> str:
    """Return who a token says it is from: for looking up the keys that it is then checked with."""
    parts = token.split(".") if len(token) <= LONGEST else []
    return str(_json(parts[1]).get("iss", "")) if len(parts) == 3 else ""  # noqa: PLR2004 (RFC 7515, 3.1)


def claims(token: str, key: PublicKey) -> dict[str, Any] | None:
    """Return what a token with a `key_id` says; None unless it is signed with this key."""
    signed, _, signature = token.rpartition(".")
    head, _, body = signed.partition(".")
    algorithm = "RS384" if isinstance(key, rsa.RSAPublicKey) else "ES384"
    if _json(head).get("alg") != algorithm:
        return None
    try:
        _verify(key, _bytes(signature), signed.encode())
    except (InvalidSignature, ValueError):
        return None
    return _json(body)


def _verify(key: PublicKey, signature: bytes, signed: bytes) -> None:
    """Raise InvalidSignature or ValueError unless it is the key's."""
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, signed, padding.PKCS1v15(), SHA384())
        return
    if len(signature) != 2 * HALF:
        raise InvalidSignature
    halves = (int.from_bytes(each, "big") for each in (signature[:HALF], signature[HALF:]))
    key.verify(encode_dss_signature(*halves), signed, ec.ECDSA(SHA384()))


def _json(part: str) -> dict[str, Any]:
    try:
        found = json.loads(_bytes(part))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _bytes(part: str) -> bytes:
    """Decode base64url without padding, and nothing that merely resembles it."""
    if not part or not set(part) <= ALPHABET:
        raise ValueError("no base64url")
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _number(part: str) -> int:
    return int.from_bytes(_bytes(part), "big")


ALPHABET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
