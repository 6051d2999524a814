"""The key-encryption key in a key service (Vault's transit engine): wrapping, rotation, and its death."""

from collections.abc import Callable, Generator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from telehealth.crypto.chance import SystemChance
from telehealth.crypto.custody import KEK, Custody, open_custody
from telehealth.crypto.errors import KeyServiceDown, NoEscrow, SealBroken, WrongKey
from telehealth.crypto.keyring import Keyring, Sealed
from telehealth.crypto.purposes import Purpose
from telehealth.crypto.transit import PAUSE, TransitAddress, TransitService
from telehealth.domain.errors import Unavailable
from telehealth.storage.sealing import Place, Vault
from tests.services.transit import TOKEN, Engine, transit

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CHANCE = SystemChance()
PLACE = Place("bo", Purpose.NOTE, "house", "note", "1", 1)


class Watch:
    """A clock for durations that stands until it is told."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def url(engine: Engine) -> Generator[str]:
    with transit(engine) as address:
        yield address


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def service(url: str, watch: Watch) -> TransitService:
    return TransitService(TransitAddress.parse(url), lambda: TOKEN, watch)


Open = Callable[..., Custody]


@pytest.fixture
def opened(tmp_path: Path) -> Generator[Open]:
    with ExitStack() as stack:

        def opens(service: TransitService | None, check: str | None = None) -> Custody:
            if service is not None:
                stack.callback(service.close)
            found = open_custody(tmp_path, CHANCE, lambda: NOW, known_check=check, service=service)
            stack.callback(found.close)
            return found

        yield opens


def note(keyring: Keyring, owner: str = "bo") -> Sealed:
    return keyring.seal(owner, Purpose.NOTE, (), b"rash")


def reads(keyring: Keyring, sealed: Sealed, owner: str = "bo") -> bytes:
    return keyring.open(owner, sealed.key_id, Purpose.NOTE, (), sealed.blob)


def test_data_keys_are_wrapped_by_the_service_and_no_key_file_is_made(
    tmp_path: Path, opened: Open, service: TransitService
) -> None:
    custody = opened(service)
    sealed = note(custody.keyring)
    custody.close()
    again = opened(service, "vault:telehealth:1")
    assert reads(again.keyring, sealed) == b"rash"
    assert again.keyring.check == "vault:telehealth:1"
    assert again.keyring.examine().whole == 1
    with pytest.raises(NoEscrow):
        again.escrow_copy()
    again.close()
    assert not (tmp_path / KEK).exists()


def test_a_rotation_makes_a_new_version_and_wraps_everything_by_it(
    opened: Open, service: TransitService, engine: Engine
) -> None:
    custody = opened(service)
    beside = opened(service)
    sealed = note(custody.keyring)
    assert custody.rotate() is None
    assert custody.keyring.check == "vault:telehealth:2"
    assert custody.store.counts().waiting == 0
    assert reads(beside.keyring, sealed) == b"rash"
    assert note(beside.keyring, "cy").key_id
    assert beside.store.counts().waiting == 0
    custody.close()
    beside.close()
    engine.versions[0] = CHANCE.token(32)  # the version before has been destroyed there
    assert reads(opened(service).keyring, sealed) == b"rash"


def test_a_rotation_that_was_cut_short_is_ended_without_another_version(
    opened: Open, service: TransitService, engine: Engine
) -> None:
    custody = opened(service)
    for owner in ("bo", "cy", "di"):
        note(custody.keyring, owner)

    def cut(moved: int) -> None:
        engine.sealed = moved == 1

    with pytest.raises(KeyServiceDown):
        custody.rotate(cut)
    custody.close()
    engine.sealed = False
    again = opened(TransitService(service.address, lambda: TOKEN, Watch()), "vault:telehealth:1")
    assert again.store.counts().waiting == 2
    again.rotate()
    assert (again.store.counts().waiting, len(engine.versions)) == (0, 2)


def test_keys_of_a_file_move_to_the_service_with_the_next_rotation(
    tmp_path: Path, opened: Open, service: TransitService, engine: Engine
) -> None:
    custody = opened(None)
    sealed, check = note(custody.keyring), custody.keyring.check
    custody.close()
    moving = opened(service, check)
    assert reads(moving.keyring, sealed) == b"rash"
    moving.rotate()
    moving.close()
    (tmp_path / KEK).unlink()
    moved = opened(service, check)
    assert reads(moved.keyring, sealed) == b"rash"
    assert len(engine.versions) == 1


def test_a_service_that_dies_closes_what_is_not_open_and_is_not_asked_over_and_over(
    opened: Open, service: TransitService, engine: Engine, watch: Watch
) -> None:
    custody = opened(service)
    known = note(custody.keyring)
    other = opened(service)
    engine.sealed = True
    assert reads(custody.keyring, known) == b"rash"  # it is open here
    for _ in range(3):
        with pytest.raises(KeyServiceDown):
            reads(other.keyring, known)
    with pytest.raises(KeyServiceDown):
        note(custody.keyring, "a new patient")
    asked = len(engine.asked)
    engine.sealed = False
    with pytest.raises(KeyServiceDown):
        reads(other.keyring, known)
    assert len(engine.asked) == asked
    watch.seconds = PAUSE
    assert reads(other.keyring, known) == b"rash"


def test_a_service_that_hangs_is_given_up(
    opened: Open, service: TransitService, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("telehealth.crypto.transit.PATIENCE", 0.05)
    engine.hangs.set()
    with pytest.raises(KeyServiceDown, match="TimeoutError"):
        opened(service)


@pytest.mark.parametrize("closes", [False, True])
def test_a_connection_that_was_closed_is_opened_again(
    opened: Open, service: TransitService, engine: Engine, *, closes: bool
) -> None:
    engine.closes = closes
    custody = opened(service)
    sealed = [note(custody.keyring, f"patient {number}") for number in range(5)]
    assert reads(custody.keyring, sealed[4], "patient 4") == b"rash"


def test_what_storage_asks_meanwhile_is_refused_as_unavailable(
    opened: Open, service: TransitService, engine: Engine
) -> None:
    vault = Vault(opened(service).keyring)
    engine.sealed = True
    with pytest.raises(Unavailable):
        vault.seal(PLACE, {})
    with pytest.raises(Unavailable):
        vault.seal_text(PLACE, "rash")


def test_a_wrapped_key_that_was_changed_or_moved_to_another_owner_does_not_open(
    opened: Open, service: TransitService
) -> None:
    custody = opened(service)
    note(custody.keyring), note(custody.keyring, "cy")
    rows = [custody.store.newest(owner) for owner in ("bo", "cy")]
    assert rows[0] is not None
    assert rows[1] is not None
    kek = custody.keyring._provider(rows[0].kek_id)
    assert len(kek.unwrap(rows[0].kek_id, rows[0].wrapped, (rows[0].id, "bo"))) == 32
    changed = rows[0].wrapped[:-6] + b"AAAA=="
    for wrapped, context in (
        (changed, "bo"),
        (rows[0].wrapped, "cy"),
        (rows[1].wrapped, "bo"),
        (b"\0" * 60, "bo"),
    ):
        with pytest.raises(SealBroken):
            kek.unwrap(rows[0].kek_id, wrapped, (rows[0].id, context))
    with pytest.raises(WrongKey):
        kek.unwrap("0123456789abcdef", rows[0].wrapped, (rows[0].id, "bo"))


def test_a_wrong_token_a_missing_key_and_one_that_binds_nothing_stop_the_start(
    tmp_path: Path, opened: Open, url: str, engine: Engine
) -> None:
    address = TransitAddress.parse(url)
    with pytest.raises(KeyServiceDown, match="refuses the token"):
        opened(TransitService(address, lambda: "s.wrong", Watch()))
    missing = TransitAddress.parse(url.replace("/telehealth", "/other"))
    with pytest.raises(KeyServiceDown, match="has no key other"):
        opened(TransitService(missing, lambda: TOKEN, Watch()))
    engine.type = "rsa-4096"
    with pytest.raises(WrongKey, match="aes256-gcm96"):
        opened(TransitService(address, lambda: TOKEN, Watch()))
    assert not (tmp_path / "keys.sqlite").exists()


def test_a_service_that_begins_to_hang_is_given_up_on_the_connection_that_stands(
    opened: Open, service: TransitService, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("telehealth.crypto.transit.PATIENCE", 0.2)
    custody = opened(service)
    note(custody.keyring)
    engine.hangs.set()
    asked = len(engine.asked)
    with pytest.raises(KeyServiceDown, match="TimeoutError"):
        note(custody.keyring, "cy")
    assert len(engine.asked) == asked, "it is not asked once more"


def test_an_answer_that_says_nothing_opens_nothing(
    opened: Open, service: TransitService, engine: Engine
) -> None:
    sealed = note(opened(service).keyring)
    beside = opened(service)
    engine.mute = True
    with pytest.raises(SealBroken, match="gave nothing"):
        reads(beside.keyring, sealed)
    with pytest.raises(KeyServiceDown, match="answers 200"):
        opened(service)


def test_an_https_address_is_not_spoken_to_in_clear(opened: Open, url: str, engine: Engine) -> None:
    address = TransitAddress.parse(url.replace("http://", "https://"))
    with pytest.raises(KeyServiceDown, match="cannot be reached"):
        opened(TransitService(address, lambda: TOKEN, Watch()))
    assert engine.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "https://vault.example",
        "https://vault.example/v1/transit/keys/",
        "https://vault.example/transit/keys/telehealth",
        "/v1/transit/keys/telehealth",
    ],
)
def test_an_address_that_names_no_key_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="not an address like"):
        TransitAddress.parse(url)
