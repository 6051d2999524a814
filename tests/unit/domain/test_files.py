"""A kept picture says nothing but what is seen on it, and is what it says it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telehealth.domain.errors import BadInput
from telehealth.domain.files import MOST_PIXELS, FileKind, bare
from tests.pictures import COMMENT, EXIF, PDF, PLACE, PNG, chunk, jpeg, png

NOTED = png(chunk(b"tEXt", b"Comment\0" + PLACE), chunk(b"eXIf", PLACE), chunk(b"iTXt", PLACE))
WIDE = 2**15


@pytest.mark.parametrize(
    "raw, kind, wanted",
    [
        (jpeg(EXIF, COMMENT), FileKind.JPEG, jpeg()),
        (jpeg(after=PLACE), FileKind.JPEG, jpeg()),
        (jpeg(b"\xff", EXIF), FileKind.JPEG, jpeg()),
        (NOTED, FileKind.PNG, PNG),
        (PNG + PLACE, FileKind.PNG, PNG),
        (PDF, FileKind.PDF, PDF),
    ],
)
def test_notes_about_its_making_are_gone_and_the_rest_is_as_it_was(
    raw: bytes, kind: FileKind, wanted: bytes
) -> None:
    assert bare(raw, kind) == wanted


@pytest.mark.parametrize(
    "raw, kind",
    [
        (PNG, FileKind.JPEG),
        (jpeg(), FileKind.PNG),
        (b"<svg onload='alert(1)'/>", FileKind.PNG),
        (b"GIF89a", FileKind.JPEG),
        (PDF[:-7], FileKind.PDF),
        (jpeg()[:-2], FileKind.JPEG),
        (PNG[:-1], FileKind.PNG),
        (PNG[:-1] + b"!", FileKind.PNG),
        (jpeg(width=0), FileKind.JPEG),
        (jpeg(width=WIDE, height=1 + MOST_PIXELS // WIDE), FileKind.JPEG),
        (png(width=0), FileKind.PNG),
        (b"\xff\xd8\xff\xd9", FileKind.JPEG),
        (b"", FileKind.PNG),
    ],
)
def test_what_is_not_what_it_says_or_would_fill_the_memory_is_refused(raw: bytes, kind: FileKind) -> None:
    with pytest.raises(BadInput):
        bare(raw, kind)


@given(st.binary(max_size=200), st.sampled_from(FileKind))
def test_whatever_comes_is_taken_or_refused_and_nothing_else(junk: bytes, kind: FileKind) -> None:
    for raw in (junk, jpeg()[:10] + junk, PNG[:8] + junk):
        try:
            bare(raw, kind)
        except BadInput as refused:
            assert refused.problems[0].field == "file"  # noqa: PT017
