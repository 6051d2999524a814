"""Ed25519 signatures, canonical JSON and the audit chain, against their published vectors."""

import json
import struct
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telehealth.crypto.chain import GENESIS, leaf_hash, link
from telehealth.crypto.errors import NotCanonical
from telehealth.crypto.signatures import canonical, canonical_digest, public_of, sign, verify

# RFC 8032 section 7.1: secret key, public key, message, signature.
ED25519 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
            "d25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
            "387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
            "4a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=20,
)


@pytest.mark.parametrize("private, public, message, signature", ED25519)
def test_the_vectors_of_rfc_8032(private: str, public: str, message: str, signature: str) -> None:
    key = bytes.fromhex(private)
    assert public_of(key).hex() == public
    assert sign(key, bytes.fromhex(message)).hex() == signature
    assert verify(bytes.fromhex(public), bytes.fromhex(signature), bytes.fromhex(message))


def test_a_signature_is_for_one_digest_and_one_signer() -> None:
    amara, cy = b"amara".ljust(32), b"cy".ljust(32)
    digest = canonical_digest({"text": "Bo coughs"}, b"salt")
    signature = sign(amara, digest)
    assert len(amara) == 32
    assert verify(public_of(amara), signature, digest)
    assert not verify(public_of(cy), signature, digest)
    assert not verify(public_of(amara), signature, canonical_digest({"text": "Bo coughs."}, b"salt"))
    assert not verify(public_of(amara), bytes([signature[0] ^ 1]) + signature[1:], digest)


@pytest.mark.parametrize("public, signature", [(b"", b"s" * 64), (b"p" * 31, b"s" * 64), (b"p" * 32, b"")])
def test_damaged_keys_and_signatures_verify_nothing(public: bytes, signature: bytes) -> None:
    assert not verify(public, signature, b"digest")


def test_the_example_of_rfc_8785() -> None:
    """Section 3.2.2 and its result in section 3.2.4."""
    value = json.loads(
        r"""{
          "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
          "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
          "literals": [null, true, false]
        }"""
    )
    assert canonical(value).hex() == (
        "7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a5b3333333333"
        "333333332e333333333333332c31652b33302c342e352c302e3030322c31652d32375d2c22737472696e67223a22"
        "e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d"
    )


def test_the_sorting_example_of_rfc_8785() -> None:
    """Section 3.2.3: names are sorted by their UTF-16 code units."""
    value = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    order = ["Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign"]
    order += ["Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh"]
    assert list(json.loads(canonical(value)).values()) == order


@pytest.mark.parametrize(
    "bits, text",
    [
        ("0000000000000001", "5e-324"),
        ("7fefffffffffffff", "1.7976931348623157e+308"),
        ("4340000000000000", "9007199254740992"),
        ("4430000000000000", "295147905179352830000"),
        ("44b52d02c7e14af5", "9.999999999999997e+22"),
        ("444b1ae4d6e2ef4f", "999999999999999900000"),
        ("444b1ae4d6e2ef50", "1e+21"),
        ("3eb0c6f7a0b5ed8d", "0.000001"),
        ("41b3de4355555557", "333333333.33333343"),
        ("becbf647612f3696", "-0.0000033333333333333333"),
        ("8000000000000000", "0"),
    ],
)
def test_the_numbers_of_rfc_8785(bits: str, text: str) -> None:
    """Appendix B."""
    assert canonical(struct.unpack(">d", bytes.fromhex(bits))[0]).decode() == text


@given(value=JSON)
def test_canonical_json_says_the_same_and_stays_as_it_is(value: Any) -> None:
    once = canonical(value)
    assert json.loads(once, parse_int=float) == value
    assert canonical(json.loads(once, parse_int=float)) == once


@pytest.mark.parametrize(
    "text, written", [("72.50", b"72.5"), ("1E+2", b"100"), ("0.1", b"0.1"), ("-0", b"0")]
)
def test_decimals_are_written_as_the_double_of_the_same_value(text: str, written: bytes) -> None:
    assert canonical((Decimal(text),)) == b"[" + written + b"]"


@pytest.mark.parametrize(
    "value",
    [
        Decimal("0.1000000000000000001"),
        Decimal("NaN"),
        Decimal("1e400"),
        float("inf"),
        float("nan"),
        2**53,
        "\ud800",
        {"\udfff": 1},
    ],
)
def test_what_no_json_reader_would_agree_on_is_refused(value: Any) -> None:
    with pytest.raises(NotCanonical):
        canonical({"value": [value]})


@pytest.mark.parametrize("value", [b"bytes", object(), {1: "number as a name"}])
def test_what_is_no_json_is_refused(value: Any) -> None:
    with pytest.raises(NotCanonical):
        canonical({"value": value})


def test_an_endless_value_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(NotCanonical):
        canonical(endless)


def test_the_digest_is_salted_and_blind_to_the_order_of_names() -> None:
    assert canonical_digest({"a": 1, "b": 2}, b"s") == canonical_digest({"b": 2, "a": 1}, b"s")
    assert canonical_digest({"a": 1}, b"s") != canonical_digest({"a": 1}, b"t")
    assert canonical_digest({"a": 1}, b"s") == sha256(b's{"a":1}').digest()


def test_leaves_and_links_of_the_chain_are_rfc_6962_hashes() -> None:
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert link(GENESIS, leaf_hash(b"")) == sha256(b"\x01" + bytes(32) + leaf_hash(b"")).digest()


def test_the_head_of_the_chain_notices_change_order_and_omission() -> None:
    def head(*entries: bytes) -> bytes:
        at = GENESIS
        for entry in entries:
            at = link(at, leaf_hash(entry))
        return at

    assert len({head(b"a", b"b"), head(b"b", b"a"), head(b"a"), head(b"a", b"c"), head(b"ab"), head()}) == 6
