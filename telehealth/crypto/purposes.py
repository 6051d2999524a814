"""The one table of what keys are used for: every purpose is the HKDF `info` of its own derived key.

`seal/…` values are sealed under an owner's data key, `derive/…` values are secrets that hang on the system's
data key, `index/…`, `link/…`, `browser/…` and `backup/…` divide such a secret further, `kek/…` belong to the
key-encryption key. A text in this table is stored nowhere but decides over every key: never change one, only
add.
"""

from enum import StrEnum

from telehealth.crypto.errors import UnknownPurpose


class Purpose(StrEnum):
    """One purpose, one derived key."""

    KEK_WRAP = "kek/wrap"
    KEK_CHECK = "kek/check"
    KEK_ESCROW = "kek/escrow"

    PATIENT = "seal/patient"
    STAFF = "seal/staff"
    ACCOUNT = "seal/account"
    VISIT = "seal/visit"
    CLINIC_MESSAGE = "seal/clinic-message"
    CONVERSATION = "seal/conversation"
    RECORDING = "seal/recording"
    TAPE = "seal/tape"
    CONSENT = "seal/consent"
    GLASS = "seal/glass"
    SNIPPET = "seal/snippet"
    GUEST = "seal/guest"
    WALK_IN = "seal/walk-in"
    DRAFT = "seal/draft"
    NOTE = "seal/note"
    RESOURCE = "seal/resource"
    OUTBOX = "seal/outbox"
    OWN_BOOKING = "seal/own-booking"
    SETTING = "seal/setting"
    SUBSCRIPTION = "seal/subscription"
    EXPORT = "seal/export"
    LEGAL_HOLD = "seal/legal-hold"
    EXPORT_FILE = "seal/export-file"

    BLIND_INDEX = "derive/blind-index"
    LINK_KEY = "derive/link-key"
    CSRF_KEY = "derive/csrf-key"
    BROWSER_KEY = "derive/browser-key"
    AUDIT_ANCHOR = "derive/audit-anchor"
    DEMO = "derive/demo"
    SIGNER = "derive/signer"
    BACKUP_KEY = "derive/backup-key"

    INDEX_IDENTIFIER = "index/identifier"
    INDEX_PHONE = "index/phone"
    INDEX_EMAIL = "index/email"
    INDEX_FAMILY_BIRTH = "index/family-birth"
    INDEX_RESOURCE = "index/resource-identifier"

    LINK_TOKEN = "link/token"  # noqa: S105 - the name of a purpose
    LINK_DIGEST = "link/digest"
    LINK_SPOKEN = "link/spoken"
    LINK_GUEST = "link/guest"
    CSRF_TOKEN = "csrf/token"  # noqa: S105 - the name of a purpose
    BROWSER_MARK = "browser/mark"
    BACKUP_ARCHIVE = "backup/archive"


def known(purpose: str) -> Purpose:
    """The table's entry for a purpose; raises UnknownPurpose, so that a typing error never becomes a key."""
    try:
        return Purpose(purpose)
    except ValueError:
        message = f"{purpose!r} is not in the table of purposes (telehealth/crypto/purposes.py)"
        raise UnknownPurpose(message) from None
