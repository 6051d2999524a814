"""A sealed backup: all of it opens, in its order and to its end, under its own key; nothing else does."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telehealth.crypto import archive as archives
from telehealth.crypto.archive import ArchiveWriter, opened_chunks, read_head
from telehealth.crypto.errors import ArchiveBroken

KEY = bytes(range(32))
SALT = b"s" * 32
MADE = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SMALL, TAG = 8, 16
OLD_HEAD = (
    b'telehealth-backup {"format": 1, "made": "2026-11-23T09:30:00+00:00", "key": "k1", "salt": "'
    + b"73" * 32
    + b'", "commitment": "382ec19e47f025820bc5b653309a238699cbe7ee772d2e254d3a14196b889c1f"}\n'
)
OLD = "f915e8446cd0db6e4c825ac31ffac79a130b7071e8f7b1cd1a2509417850e27140e75c4ecb94a94bb42d"
TEXT = b"Bo coughs since Tuesday, worse at night."


@pytest.fixture(autouse=True, scope="module")
def small_chunks() -> Iterator[None]:
    """Chunks of eight bytes, so that a short text has several."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(archives, "CHUNK", SMALL)
        yield


def sealed(text: bytes = TEXT, *, salt: bytes = SALT, cut: int = 5, key: str = "k1") -> bytes:
    file = BytesIO()
    writer = ArchiveWriter(file, KEY, made=MADE, key=key, salt=salt)
    for start in range(0, len(text), cut):
        writer.write(text[start : start + cut])
    writer.finish()
    return file.getvalue()


def opened(content: bytes, secret: bytes = KEY) -> bytes:
    file = BytesIO(content)
    return b"".join(opened_chunks(file, read_head(file), secret))


def parts(content: bytes) -> list[bytes]:
    """The head and each chunk."""
    head, _, rest = content.partition(b"\n")
    return [head + b"\n", *(rest[at : at + SMALL + TAG] for at in range(0, len(rest), SMALL + TAG))]


@given(text=st.binary(max_size=70), cut=st.integers(min_value=1, max_value=30))
def test_what_was_written_comes_back_however_it_was_written(text: bytes, cut: int) -> None:
    assert opened(sealed(text, cut=cut)) == text


def test_the_head_says_when_it_was_made_and_which_key_opens_it_and_nothing_more() -> None:
    content = sealed()
    head = read_head(BytesIO(content))
    assert (head.made, head.key, head.salt) == (MADE, "k1", SALT)
    assert b"cough" not in content


@given(data=st.data())
def test_every_single_bit_counts(data: st.DataObject) -> None:
    damaged = bytearray(sealed())
    at = data.draw(st.integers(min_value=0, max_value=len(damaged) - 1))
    damaged[at] ^= 1 << data.draw(st.integers(min_value=0, max_value=7))
    with pytest.raises(ArchiveBroken):
        opened(bytes(damaged))


def test_a_cut_is_noticed_wherever_it_is() -> None:
    content = sealed()
    for length in range(len(content)):
        with pytest.raises(ArchiveBroken):
            opened(content[:length])


@pytest.mark.parametrize(
    "order",
    [[0, 2, 1, 3, 4, 5], [0, 1, 1, 2, 3, 4, 5], [0, 1, 3, 4, 5], [0, 1, 2, 3, 4, 5, 5], [0, 5]],
    ids=["swapped", "doubled", "left out", "gone on with", "its end alone"],
)
def test_chunks_in_another_order_are_noticed(order: list[int]) -> None:
    whole = parts(sealed())
    assert len(whole) == 6
    with pytest.raises(ArchiveBroken):
        opened(b"".join(whole[at] for at in order))


def test_a_chunk_of_another_backup_is_noticed() -> None:
    one, other = parts(sealed()), parts(sealed(salt=b"t" * 32))
    with pytest.raises(ArchiveBroken):
        opened(b"".join([*one[:2], other[2], *one[3:]]))


def test_another_key_opens_nothing() -> None:
    with pytest.raises(ArchiveBroken, match="another key"):
        opened(sealed(), b"k" * 32)


@pytest.mark.parametrize(
    "was, becomes",
    [
        (b"2026-11-23", b"2026-11-24"),
        (b'"k1"', b'"k2"'),
        (b"+00:00", b""),
        (b'"made": ', b'"made":'),
        (b'"salt": "7', b'"salt": "x'),
        (b"{", b"["),
    ],
)
def test_a_changed_head_opens_nothing(was: bytes, becomes: bytes) -> None:
    with pytest.raises(ArchiveBroken, match="not whole"):
        opened(sealed().replace(was, becomes, 1))


def test_a_later_form_is_told_from_damage() -> None:
    with pytest.raises(ArchiveBroken, match="the form 2"):
        opened(sealed().replace(b'"format": 1', b'"format": 2'))


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0", b"telehealth-backu"])
def test_another_file_is_no_backup(content: bytes) -> None:
    with pytest.raises(ArchiveBroken, match="no backup"):
        opened(content)


def test_a_short_salt_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="32"):
        sealed(salt=b"short")


def test_the_format_stays_what_it_is() -> None:
    """A backup of years ago must open: this one was written down when the format was made."""
    assert opened(OLD_HEAD + bytes.fromhex(OLD)) == b"still here"
