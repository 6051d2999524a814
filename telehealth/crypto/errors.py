"""What can go wrong with keys and sealed values, as one tree.

CryptoError
├── SealBroken            a sealed value, or what it was sealed with, is not what it was
│   └── ArchiveBroken     a backup is none, was changed or cut, or is of a form this program does not know
├── UnknownPurpose        a purpose that is not in the table of purposes.py
├── KeyTrouble            the keys themselves; whoever runs the service must act
│   ├── KeyMissing        data or wrapped keys exist, the key that opens them does not
│   ├── WrongKey          a key is there and it is not the one these data were sealed with
│   ├── KeyExists         a key file would be overwritten
│   ├── KeyFileTooOpen    other accounts of the machine may read the key file
│   ├── KeyFileBroken     the key file or the environment value does not hold 32 bytes in hex
│   ├── KeyStoreBroken    keys.sqlite is no database that can be read
│   ├── EscrowBroken      an escrow text was mistyped
│   ├── NoEscrow          the key never leaves the service that keeps it
│   └── KeyServiceDown    the service that keeps the key does not answer, or not to us
├── KeyUnknown            no data key has this id
├── KeyShredded           the data key was destroyed on purpose; nothing opens these data again
├── KeyProtected          this key may not be destroyed
├── NotCanonical          a value that RFC 8785 cannot write
├── NotCovered            a certificate would not be valid for a host it was asked for
├── BadKeys               what was given as a program's public keys is none, or is too weak
└── Busy                  the hashing pool and its queue are full
"""


class CryptoError(Exception):
    """The root; `code` is stable and meant for programs, the text is meant for people."""

    code = "crypto"


class SealBroken(CryptoError):
    """The value, its key or the row it stands in was changed."""

    code = "seal-broken"


class ArchiveBroken(SealBroken):
    """A backup that must not be believed."""

    code = "archive-broken"


class UnknownPurpose(CryptoError):
    """A purpose that the table does not know."""

    code = "unknown-purpose"


class KeyTrouble(CryptoError):
    """The key-encryption key or the key store cannot be used; the service must not start."""

    code = "key-trouble"


class KeyMissing(KeyTrouble):
    """Data exist and their key does not; a new one is never made in its place."""

    code = "key-missing"


class WrongKey(KeyTrouble):
    """The key is not the one that these data were sealed with."""

    code = "wrong-key"


class KeyExists(KeyTrouble):
    """A key file is already there and is never overwritten."""

    code = "key-exists"


class KeyFileTooOpen(KeyTrouble):
    """Group or others may read or write the key file."""

    code = "key-file-too-open"


class KeyFileBroken(KeyTrouble):
    """The key text is not 64 hexadecimal digits."""

    code = "key-file-broken"


class KeyStoreBroken(KeyTrouble):
    """The database of wrapped keys cannot be read."""

    code = "key-store-broken"


class EscrowBroken(KeyTrouble):
    """An escrow text has the wrong length, a foreign character or a wrong check group."""

    code = "escrow-broken"


class NoEscrow(KeyTrouble):
    """There is nothing to write down: the key is in the keeping of a key service."""

    code = "no-escrow"


class KeyServiceDown(KeyTrouble):
    """The key service cannot be reached, is sealed or refuses us: what is not open already stays closed."""

    code = "key-service-down"


class KeyUnknown(CryptoError):
    """No data key has this id."""

    code = "key-unknown"


class KeyShredded(CryptoError):
    """The owner's data keys were destroyed."""

    code = "key-shredded"


class KeyProtected(CryptoError):
    """The key belongs to the system and cannot be destroyed."""

    code = "key-protected"


class NotCanonical(CryptoError):
    """The value has no canonical JSON form."""

    code = "not-canonical"


class NotCovered(CryptoError):
    """The certificate would be refused for one of its own hosts."""

    code = "not-covered"


class Busy(CryptoError):
    """Too many passwords are being hashed; try again in a moment."""

    code = "busy"


class BadKeys(CryptoError):
    """What was given as a program's public keys is none, or is too weak."""

    code = "bad-keys"
