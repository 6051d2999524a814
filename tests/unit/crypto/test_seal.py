"""One sealed value: what opens it, and that nothing else does."""

import hmac
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telehealth.crypto import seal as sealing
from telehealth.crypto.derive import derive, fields
from telehealth.crypto.errors import SealBroken, UnknownPurpose
from telehealth.crypto.purposes import Purpose
from telehealth.crypto.seal import OVERHEAD, seal, unseal

KEY = bytes(range(32))
SALT = b"s" * 32
NONCE = b"n" * 12
PLACE = ("hospital", "bo", "Composition", "c-1", "3")
NOTE = b"Bo coughs since Tuesday."
PARTS = {"version": 0, "salt": 1, "commitment": 33, "nonce": 65, "ciphertext": 77, "tag": -1}

OLD = (
    "017373737373737373737373737373737373737373737373737373737373737373a4d18e5f8cd26c"
    "097a0aafeb1e4755a5a35b76ec29bf4f7095863314abbb19076e6e6e6e6e6e6e6e6e6e6e6e214fa3"
    "d6cbc933d1c044292f4d9acb71762cde7e3c12407f2a5e"
)


def sealed(plaintext: bytes = NOTE, place: tuple[str, ...] = PLACE) -> bytes:
    return seal(KEY, Purpose.NOTE, place, plaintext, salt=SALT, nonce=NONCE)


def test_a_sealed_value_opens_where_it_was_sealed() -> None:
    assert unseal(KEY, Purpose.NOTE, PLACE, sealed()) == NOTE


def test_sealing_costs_93_bytes() -> None:
    assert OVERHEAD == 93
    assert len(sealed(b"")) == 93
    assert len(sealed(b"x" * 4096)) == 4096 + 93


def test_the_plaintext_is_not_in_the_sealed_value() -> None:
    assert b"coughs" not in sealed()


@given(
    key=st.binary(min_size=32, max_size=32),
    purpose=st.sampled_from(list(Purpose)),
    place=st.lists(st.text(st.characters(codec="utf-8"))),
    plaintext=st.binary(max_size=2000),
    salt=st.binary(min_size=32, max_size=32),
    nonce=st.binary(min_size=12, max_size=12),
)
def test_whatever_is_sealed_comes_back(
    key: bytes, purpose: Purpose, place: list[str], plaintext: bytes, salt: bytes, nonce: bytes
) -> None:
    blob = seal(key, purpose, place, plaintext, salt=salt, nonce=nonce)
    assert unseal(key, purpose, place, blob) == plaintext


@pytest.mark.parametrize("part", PARTS)
def test_a_changed_bit_in_any_part_is_noticed(part: str) -> None:
    damaged = bytearray(sealed())
    damaged[PARTS[part]] ^= 0x10
    with pytest.raises(SealBroken):
        unseal(KEY, Purpose.NOTE, PLACE, bytes(damaged))


@given(position=st.integers(min_value=0, max_value=len(NOTE) + 92), bit=st.integers(min_value=0, max_value=7))
def test_every_single_bit_counts(position: int, bit: int) -> None:
    damaged = bytearray(sealed())
    damaged[position] ^= 1 << bit
    with pytest.raises(SealBroken):
        unseal(KEY, Purpose.NOTE, PLACE, bytes(damaged))


@given(length=st.integers(min_value=0, max_value=len(NOTE) + 92))
def test_a_cut_value_is_noticed(length: int) -> None:
    with pytest.raises(SealBroken):
        unseal(KEY, Purpose.NOTE, PLACE, sealed()[:length])


@pytest.mark.parametrize("field", range(len(PLACE)))
def test_a_value_moved_to_another_tenant_patient_type_row_or_version_does_not_open(field: int) -> None:
    elsewhere = tuple("other" if at == field else part for at, part in enumerate(PLACE))
    with pytest.raises(SealBroken):
        unseal(KEY, Purpose.NOTE, elsewhere, sealed())


def test_the_order_of_what_is_associated_counts() -> None:
    opened = []
    for place in permutations(PLACE[:3]):
        try:
            opened.append(unseal(KEY, Purpose.NOTE, place, sealed(place=PLACE[:3])))
        except SealBroken:
            continue
    assert opened == [NOTE]


def test_a_value_does_not_open_for_another_purpose_or_under_another_key() -> None:
    with pytest.raises(SealBroken):
        unseal(KEY, Purpose.DRAFT, PLACE, sealed())
    with pytest.raises(SealBroken):
        unseal(b"k" * 32, Purpose.NOTE, PLACE, sealed())


def test_the_commitment_is_compared_before_anything_is_decrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The attack on GCM without a commitment is a ciphertext that opens under two keys."""

    class NeverUsed:
        def __init__(self, key: bytes) -> None:
            pytest.fail("a cipher was made for a key that the value does not commit to")

    blob = sealed()
    monkeypatch.setattr(sealing, "AESGCM", NeverUsed)
    with pytest.raises(SealBroken, match="another key"):
        unseal(b"k" * 32, Purpose.NOTE, PLACE, blob)


def test_the_commitment_depends_on_key_purpose_and_salt() -> None:
    def commitment(key: bytes, purpose: Purpose, salt: bytes) -> bytes:
        return seal(key, purpose, PLACE, NOTE, salt=salt, nonce=NONCE)[33:65]

    cases = [(KEY, Purpose.NOTE, SALT), (b"k" * 32, Purpose.NOTE, SALT), (KEY, Purpose.DRAFT, SALT)]
    commitments = {commitment(*case) for case in [*cases, (KEY, Purpose.NOTE, b"t" * 32)]}
    assert len(commitments) == 4


def test_an_unknown_purpose_never_becomes_a_key() -> None:
    with pytest.raises(UnknownPurpose, match="notes"):
        seal(KEY, "notes", PLACE, NOTE, salt=SALT, nonce=NONCE)
    with pytest.raises(UnknownPurpose):
        unseal(KEY, "notes", PLACE, sealed())


@pytest.mark.parametrize("salt, nonce", [(b"short", NONCE), (SALT, b"short"), (b"", b"")])
def test_a_short_salt_or_nonce_is_a_mistake_of_the_caller(salt: bytes, nonce: bytes) -> None:
    with pytest.raises(ValueError, match="32"):
        seal(KEY, Purpose.NOTE, PLACE, NOTE, salt=salt, nonce=nonce)


def test_the_format_of_version_1_stays_what_it_is() -> None:
    """Values sealed years ago must open: this one was written down when the format was made."""
    assert unseal(KEY, "seal/note", ("bo", "1"), bytes.fromhex(OLD)) == b"still here"


@given(
    one=st.lists(st.text(st.characters(codec="utf-8"))), other=st.lists(st.text(st.characters(codec="utf-8")))
)
def test_two_lists_of_fields_never_share_their_bytes(one: list[str], other: list[str]) -> None:
    assert (fields(one) == fields(other)) is (one == other)


def test_derivation_is_hkdf_with_the_purpose_as_info() -> None:
    """RFC 5869 by hand: extract with zeros as salt, then one block of expansion."""
    extracted = hmac.digest(bytes(32), KEY, "sha256")
    assert derive(KEY, Purpose.LINK_KEY) == hmac.digest(extracted, b"derive/link-key\x01", "sha256")


def test_no_two_purposes_share_a_key() -> None:
    keys = {derive(KEY, purpose) for purpose in Purpose}
    assert len(keys) == len(Purpose) == len({purpose.value for purpose in Purpose})
