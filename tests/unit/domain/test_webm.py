"""Recordings as WebM: what is written can be read again, and every jump leads to a cluster."""

from collections.abc import Iterator, Sequence
from struct import pack, unpack

from hypothesis import given
from hypothesis import strategies as st

from telehealth.domain.webm import (
    PICTURE,
    SOUND,
    Cue,
    Packet,
    cluster,
    element,
    first_picture,
    head,
    size_of,
)

SEGMENT, CLUSTER, TIMECODE, BLOCK = 0x18538067, 0x1F43B675, 0xE7, 0xA3
INFO, DURATION, TRACKS, CUES, POINT = 0x1549A966, 0x4489, 0x1654AE6B, 0x1C53BB6B, 0xBB
PLACE, AT, ENTRY, SIZES, WIDTH, HEIGHT = 0xB7, 0xF1, 0xAE, 0xE0, 0xB0, 0xBA
KEY = bytes([0x10, 2, 0, 0x9D, 0x01, 0x2A]) + pack("<HH", 320, 240) + b"rest"
"""A VP8 picture of 320x240 that stands for itself (RFC 6386, 9.1)."""


def elements(content: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Walk over EBML elements (RFC 8794): id, content, and where each begins."""
    at = 0
    while at < len(content):
        wide = 9 - content[at].bit_length()
        length = int.from_bytes(content[at + wide : at + wide + 8], "big") & ~(1 << 56)
        begins = at + wide + 8
        yield int.from_bytes(content[at : at + wide], "big"), content[begins : begins + length], at
        at = begins + length


def only(content: bytes, *path: int) -> bytes:
    """Return the content of the first element behind a path."""
    for identity in path:
        content = next(inside for found, inside, _ in elements(content) if found == identity)
    return content


packets = st.lists(
    st.builds(
        Packet,
        track=st.sampled_from([SOUND, PICTURE]),
        time=st.integers(1000, 30_000),
        key=st.booleans(),
        data=st.binary(max_size=40),
    ),
    max_size=8,
)


@given(packets)
def test_a_cluster_gives_back_its_packets(sent: Sequence[Packet]) -> None:
    inside = only(cluster(1000, sent), CLUSTER)
    assert int.from_bytes(only(inside, TIMECODE), "big") == 1000
    found = []
    for identity, block, _ in elements(inside):
        if identity == BLOCK:
            track, later, flags = unpack(">BhB", block[:4])
            found.append(Packet(track & 0x7F, 1000 + later, key=flags == 0x80, data=block[4:]))
    assert found == list(sent)


def test_the_size_is_read_from_a_whole_picture_only() -> None:
    assert size_of(KEY) == (320, 240)
    assert size_of(bytes([KEY[0] | 1]) + KEY[1:]) is None
    assert size_of(KEY[:9]) is None
    assert size_of(KEY[:3] + b"???" + KEY[6:]) is None


def test_the_first_whole_picture_of_a_cluster_is_found() -> None:
    sound, later = (
        Packet(SOUND, 0, key=True, data=KEY),
        Packet(PICTURE, 5, key=False, data=b"\x01part of one"),
    )
    assert first_picture(cluster(0, [sound, later, Packet(PICTURE, 9, key=True, data=KEY)])) == (320, 240)
    assert first_picture(cluster(0, [sound, later])) is None
    assert first_picture(cluster(0, [])) is None


def test_the_head_tells_length_and_size_and_its_jumps_lead_to_the_clusters() -> None:
    parts = [
        cluster(time, [Packet(SOUND, time, key=True, data=bytes(time // 100))]) for time in (0, 1000, 2000)
    ]
    places = [sum(map(len, parts[:number])) for number in range(3)]
    cues = [Cue(1000 * number, at) for number, at in enumerate(places)]
    clusters = b"".join(parts)
    whole = head(3000, (320, 240), cues, len(clusters)) + clusters
    segment = only(whole, SEGMENT)
    assert whole.endswith(segment)
    assert unpack(">d", only(segment, INFO, DURATION)) == (3000.0,)
    tracks = [inside for identity, inside, _ in elements(only(segment, TRACKS)) if identity == ENTRY]
    assert len(tracks) == 2
    shown = only(tracks[1], SIZES)
    assert [int.from_bytes(only(shown, each), "big") for each in (WIDTH, HEIGHT)] == [320, 240]
    begins = {at for identity, _, at in elements(segment) if identity == CLUSTER}
    points = [inside for identity, inside, _ in elements(only(segment, CUES)) if identity == POINT]
    assert {int.from_bytes(only(each, PLACE, AT), "big") for each in points} == begins


def test_without_pictures_there_is_sound_alone_and_without_cues_no_list_of_them() -> None:
    segment = only(head(10, None, [], 0), SEGMENT)
    assert len([None for identity, _, _ in elements(only(segment, TRACKS)) if identity == ENTRY]) == 1
    assert CUES not in [identity for identity, _, _ in elements(segment)]
    assert next(elements(element(0xA3, b"x"))) == (0xA3, b"x", 0)
