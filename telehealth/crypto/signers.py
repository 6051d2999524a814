"""Each signer's own Ed25519 key, derived from the signer's own data key and kept nowhere else."""

from telehealth.crypto.keyring import Keyring
from telehealth.crypto.purposes import Purpose
from telehealth.crypto.signatures import public_of, sign


class Signers:
    """Signs in the name of practitioners; the private part never leaves this object."""

    def __init__(self, keyring: Keyring) -> None:
        """Keys are made at the first use of each signer and are on disk before it."""
        self._keyring = keyring

    def public(self, practitioner_id: str) -> bytes:
        """The signer's raw public key (32 bytes)."""
        return public_of(self._private(practitioner_id))

    def sign(self, practitioner_id: str, digest: bytes) -> bytes:
        """The 64-byte signature over a 32-byte digest."""
        return sign(self._private(practitioner_id), digest)

    def _private(self, practitioner_id: str) -> bytes:
        # `derived` hangs on the first generation: a renewed data key must not become another signature.
        return self._keyring.derived(Purpose.SIGNER, f"signer:{practitioner_id}")
