"""Reports of other services: the signature binds time and body to the shared secret."""

import pytest

from telehealth.crypto.hooks import hook_fits, hook_signature

SIGNED = hook_signature(b"secret", "1795426200", b'{"id": "1"}')


def test_the_signature_is_that_of_the_usual_tools() -> None:
    assert SIGNED == "0522fb5585068f7b645f0c2cc1d114d302da27c9d9d1d94158dcc2e5b1ab6dde"


def test_a_signature_fits_its_own_report_only() -> None:
    assert hook_fits(b"secret", "1795426200", b'{"id": "1"}', SIGNED)


@pytest.mark.parametrize(
    "secret, timestamp, body, signature",
    [
        (b"other", "1795426200", b'{"id": "1"}', SIGNED),
        (b"secret", "1795426201", b'{"id": "1"}', SIGNED),
        (b"secret", "1795426200", b'{"id": "2"}', SIGNED),
        (b"secret", "1795426200", b'{"id": "1"}', ""),
        (b"secret", "1795426200", b'{"id": "1"}', "ß" * 64),
    ],
)
def test_another_secret_time_body_or_signature_does_not_fit(
    secret: bytes, timestamp: str, body: bytes, signature: str
) -> None:
    assert not hook_fits(secret, timestamp, body, signature)
