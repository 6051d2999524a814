"""A program of a laboratory, as its house would run it: keys of its own, and assertions signed with them."""

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA384

HALF = 48


def encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def number(value: int) -> str:
    return encoded(value.to_bytes((value.bit_length() + 7) // 8, "big"))


@dataclass(frozen=True, slots=True)
class Pen:
    """A private key under a name."""

    kid: str
    private: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

    @property
    def algorithm(self) -> str:
        return "RS384" if isinstance(self.private, rsa.RSAPrivateKey) else "ES384"

    @property
    def jwk(self) -> dict[str, str]:
        if isinstance(self.private, rsa.RSAPrivateKey):
            numbers = self.private.public_key().public_numbers()
            return {"kty": "RSA", "kid": self.kid, "n": number(numbers.n), "e": number(numbers.e)}
        point = self.private.public_key().public_numbers()
        x, y = (encoded(each.to_bytes(HALF, "big")) for each in (point.x, point.y))
        return {"kty": "EC", "crv": "P-384", "kid": self.kid, "x": x, "y": y}

    def sign(self, said: dict[str, Any], **head: Any) -> str:
        first = {"alg": self.algorithm, "typ": "JWT", "kid": self.kid} | head
        signed = ".".join(encoded(json.dumps(each).encode()) for each in (first, said))
        if isinstance(self.private, rsa.RSAPrivateKey):
            raw = self.private.sign(signed.encode(), padding.PKCS1v15(), SHA384())
        else:
            halves = decode_dss_signature(self.private.sign(signed.encode(), ec.ECDSA(SHA384())))
            raw = b"".join(each.to_bytes(HALF, "big") for each in halves)
        return f"{signed}.{encoded(raw)}"


CURVE = Pen("curve", ec.generate_private_key(ec.SECP384R1()))
RSA = Pen("rsa", rsa.generate_private_key(public_exponent=65537, key_size=2048))
STRANGE = Pen("curve", ec.generate_private_key(ec.SECP384R1()))


def key_set(*pens: Pen) -> str:
    return json.dumps({"keys": [each.jwk for each in pens]})


@dataclass(slots=True)
class Assertions:
    """What a program says each time it asks, each with a new `jti`."""

    client: str
    audience: str
    count: int = field(default=0)

    def claims(self, now: datetime, **others: Any) -> dict[str, Any]:
        self.count += 1
        said = {"iss": self.client, "sub": self.client, "aud": self.audience, "jti": f"j-{self.count}"}
        made = said | {"exp": int(now.timestamp()) + 300} | others
        return {name: value for name, value in made.items() if value is not None}
