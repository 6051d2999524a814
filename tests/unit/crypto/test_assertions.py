"""Assertions are taken from who holds the key, under the key's own algorithm, and from nobody else."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from telehealth.crypto.assertions import claims, key_id, keys_of, unverified_issuer
from telehealth.crypto.errors import BadKeys
from tests.signing import CURVE, RSA, STRANGE, Pen, encoded, key_set

SAID = {"iss": "lab", "exp": 1}
KEYS = keys_of(key_set(CURVE, RSA))


@pytest.mark.parametrize("pen", [CURVE, RSA], ids=["ES384", "RS384"])
def test_what_is_signed_with_a_key_is_taken(pen: Pen) -> None:
    token = pen.sign(SAID)
    assert (unverified_issuer(token), key_id(token)) == ("lab", pen.kid)
    assert claims(token, KEYS[pen.kid]) == SAID


@pytest.mark.parametrize("pen", [CURVE, RSA], ids=["ES384", "RS384"])
def test_what_is_changed_or_signed_otherwise_is_not(pen: Pen) -> None:
    head, body, signature = pen.sign(SAID).split(".")
    other = encoded(json.dumps(SAID | {"iss": "other"}).encode())
    for token in (
        f"{head}.{other}.{signature}",
        f"{head}.{body}.{signature[:-8]}",
        f"{head}.{body}.",
        f"{head}.{body}.{signature}=",
        f"{head}.{body}.{encoded(b'0' * 96)}",
        f"{head}.{body}.{encoded(bytes(96))}",
        STRANGE.sign(SAID, kid=pen.kid),
        pen.sign(SAID, alg="none"),
        pen.sign(SAID, alg="HS384"),
        pen.sign(SAID, alg={"ES384": "RS384", "RS384": "ES384"}[pen.algorithm]),
    ):
        assert claims(token, KEYS[pen.kid]) is None, token


@pytest.mark.parametrize(
    "head", [{"alg": "HS384"}, {"alg": "none"}, {"alg": ["ES384"]}, {"crit": ["exp"]}, {"kid": ""}]
)
def test_a_token_that_asks_for_something_else_names_no_key(head: dict[str, Any]) -> None:
    assert key_id(CURVE.sign(SAID, **head)) == ""


@pytest.mark.parametrize(
    "token",
    ["", ".", "..", "a.b.c", "a.b", "a.b.c.d", "ä.ö.ü", "W10.W10.x", f"{'a' * 9000}.b.c", "\x00.\x00.\x00"],
)
def test_what_is_no_token_is_from_nobody(token: str) -> None:
    assert (key_id(token), unverified_issuer(token)) == ("", "")
    assert claims(token, KEYS["curve"]) is None


WEAK = Pen("weak", rsa.generate_private_key(public_exponent=65537, key_size=1024))
OTHER_CURVE = Pen("p256", ec.generate_private_key(ec.SECP256R1()))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"keys": []}',
        '{"keys": {}}',
        '{"keys": [1]}',
        key_set(CURVE, STRANGE),
        key_set(WEAK),
        json.dumps({"keys": [CURVE.jwk | {"d": "secret"}]}),
        json.dumps({"keys": [CURVE.jwk | {"crv": "P-256"}]}),
        json.dumps({"keys": [CURVE.jwk | {"x": "AAAA"}]}),
        json.dumps({"keys": [RSA.jwk | {"e": "AA"}]}),
        json.dumps({"keys": [{"kty": "oct", "kid": "1", "k": "secret"}]}),
        json.dumps({"keys": [{name: value for name, value in CURVE.jwk.items() if name != "kid"}]}),
        json.dumps({"keys": [CURVE.jwk | {"kid": str(each)} for each in range(11)]}),
    ],
)
def test_what_are_no_keys_of_use_is_refused(text: str) -> None:
    with pytest.raises(BadKeys):
        keys_of(text)
