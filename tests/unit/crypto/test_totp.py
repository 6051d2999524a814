"""One-time codes: the vectors of RFC 6238, the window, and that a code is good once."""

import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telehealth.crypto.chance import SystemChance
from telehealth.crypto.totp import code_at, new_seed, provisioning_uri, step_of, verify

SEED = base64.b32encode(b"12345678901234567890").decode()
NOON = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)
STEP = step_of(NOON)

# RFC 6238 appendix B, SHA-1; ours are its last six digits.
VECTORS = [
    (59, "94287082"),
    (1111111109, "07081804"),
    (1111111111, "14050471"),
    (1234567890, "89005924"),
    (2000000000, "69279037"),
    (20000000000, "65353130"),
]
# RFC 4226 appendix D.
COUNTERS = [
    "755224",
    "287082",
    "359152",
    "969429",
    "338314",
    "254676",
    "287922",
    "162583",
    "399871",
    "520489",
]


@pytest.mark.parametrize("seconds, code", VECTORS)
def test_the_vectors_of_rfc_6238(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert code_at(SEED, step_of(at)) == code[2:]
    assert verify(SEED, code[2:], at, None) == seconds // 30


@pytest.mark.parametrize("counter, code", list(enumerate(COUNTERS)))
def test_the_vectors_of_rfc_4226(counter: int, code: str) -> None:
    assert code_at(SEED, counter) == code


@pytest.mark.parametrize("drift", [-1, 0, 1])
def test_a_clock_may_be_one_step_wrong(drift: int) -> None:
    assert verify(SEED, code_at(SEED, STEP + drift), NOON, None) == STEP + drift


@pytest.mark.parametrize("drift", [-3, -2, 2, 3])
def test_a_clock_may_not_be_two_steps_wrong(drift: int) -> None:
    assert verify(SEED, code_at(SEED, STEP + drift), NOON, None) is None


def test_a_code_is_good_once() -> None:
    code = code_at(SEED, STEP)
    step = verify(SEED, code, NOON, None)
    assert step == STEP
    assert verify(SEED, code, NOON + timedelta(seconds=20), step) is None


def test_an_older_code_is_not_good_after_a_newer_one() -> None:
    assert verify(SEED, code_at(SEED, STEP - 1), NOON, STEP) is None
    assert verify(SEED, code_at(SEED, STEP + 1), NOON, STEP) == STEP + 1


@pytest.mark.parametrize("typed", ["{0}", " {0} ", "{1} {2}", "{1}\u00a0{2}"])
def test_a_code_may_be_typed_with_spaces(typed: str) -> None:
    code = code_at(SEED, STEP)
    assert verify(SEED, typed.format(code, code[:3], code[3:]), NOON, None) == STEP


def test_a_code_may_be_typed_in_arabic_digits() -> None:
    typed = "".join("٠١٢٣٤٥٦٧٨٩"[int(digit)] for digit in code_at(SEED, STEP))
    assert verify(SEED, typed, NOON, None) == STEP


@given(code=st.text(max_size=12))
def test_any_other_text_is_refused_without_an_error(code: str) -> None:
    expected = {code_at(SEED, STEP + drift) for drift in (-1, 0, 1)}
    assert code in expected or verify(SEED, code, NOON, None) is None


def test_a_seed_has_160_bits_and_is_new_each_time() -> None:
    seeds = {new_seed(SystemChance()) for _ in range(20)}
    assert len(seeds) == 20
    assert {len(base64.b32decode(seed)) for seed in seeds} == {20}


def test_the_address_for_the_qr_code_names_all_settings() -> None:
    uri = urlsplit(provisioning_uri(SEED, "amara@example.org", "District: Hospital"))
    assert (uri.scheme, uri.netloc) == ("otpauth", "totp")
    assert uri.path == "/District%3A%20Hospital:amara@example.org"
    assert {name: values[0] for name, values in parse_qs(uri.query).items()} == {
        "secret": SEED,
        "issuer": "District: Hospital",
        "algorithm": "SHA1",
        "digits": "6",
        "period": "30",
    }
    assert "+" not in uri.query
