"""A picture is kept without the place, the owner and the second picture that a camera hides in it; it stays turned the right way."""

import struct
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.keys import hidden_files
from hotline.tickets.privacy import attachments
from hotline.tickets.privacy.traces.pictures import without_metadata
from hotline.tickets.roles import SYSTEM
from models.store.hidden import ring_of
from tests.support.life import Life
from tests.support.papers.pictures import PLACE, SCAN, TABLE, jpeg, png, webp


def heic() -> bytes:
    def box(kind: bytes, body: bytes) -> bytes:
        return (len(body) + 8).to_bytes(4, "big") + kind + body

    def item(number: int, kind: bytes) -> bytes:
        return box(b"infe", b"\2\0\0\0" + number.to_bytes(2, "big") + b"\0\0" + kind + b"\0")

    def meta(first: int, second: int) -> bytes:
        iinf = box(b"iinf", bytes(4) + (2).to_bytes(2, "big") + item(1, b"hvc1") + item(2, b"Exif"))
        rows = b"".join(
            n.to_bytes(2, "big") + bytes(2) + (1).to_bytes(2, "big") + at.to_bytes(4, "big") + size.to_bytes(4, "big")
            for n, at, size in ((1, first, 6), (2, second, len(PLACE)))
        )
        iloc = box(b"iloc", bytes(4) + b"\x44\x00" + (2).to_bytes(2, "big") + rows)
        return box(b"meta", bytes(4) + iinf + iloc)

    head = box(b"ftyp", b"heic" + bytes(4) + b"mif1heic")
    start = len(head) + len(meta(0, 0)) + 8
    return head + meta(start, start + 6) + box(b"mdat", b"pixels" + PLACE)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("turn", range(1, 9))
def test_a_jpeg_loses_its_place_and_keeps_its_turn(turn, order):
    """V11: Found outside: M3."""
    kept = without_metadata(jpeg(turn, order=order))
    assert PLACE not in kept and SCAN in kept and TABLE in kept and b"JFIF" in kept
    assert (struct.pack("<HHIH", 0x0112, 3, 1, turn) in kept) is (turn != 1)
    assert without_metadata(kept) == kept


def test_what_hangs_behind_a_jpeg_goes():
    kept = without_metadata(jpeg(behind=b"ftypmp42" + PLACE + jpeg()))
    assert PLACE not in kept and kept.endswith(SCAN + b"\xff\xd9")


@pytest.mark.parametrize(("picture", "turn"), [(png(), 8), (webp(), 3)], ids=["png", "webp"])
def test_png_and_webp_lose_their_place_and_keep_their_turn(picture, turn):
    """V11."""
    kept = without_metadata(picture)
    assert PLACE not in kept and b"pixels" in kept and struct.pack("<HHIH", 0x0112, 3, 1, turn) in kept
    assert without_metadata(kept) == kept


def test_a_heic_loses_its_place_and_nothing_moves():
    """V11."""
    picture = heic()
    kept = without_metadata(picture)
    assert PLACE in picture and PLACE not in kept and b"pixels" in kept and len(kept) == len(picture)


@pytest.mark.parametrize("whole", [jpeg(), png(), webp(), heic()], ids=["jpeg", "png", "webp", "heic"])
def test_a_torn_picture_is_kept(whole):
    for end in range(12, len(whole), 7):
        without_metadata(whole[:end])
    assert SCAN[:9] in without_metadata(jpeg()[:-8])


@given(st.sampled_from([jpeg(), png(), webp(), heic()]), st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_no_bytes_break_it(picture, at, other):
    without_metadata(picture[:at] + other + picture[at + len(other) :])


def test_a_file_that_is_no_picture_stays_as_it_is():
    assert without_metadata(b"%PDF-1.7 " + PLACE) == b"%PDF-1.7 " + PLACE


def test_a_stored_photo_holds_no_place(life: Life, tmp_path: Path) -> None:
    """Found outside: M3."""
    ticket = life.ticket()
    kept = attachments.store(
        life.db, tmp_path, BytesIO(jpeg()), "photo.jpg", SYSTEM, life.now, most_mb=5, ticket=ticket
    )
    with hidden_files.opened(tmp_path / kept.stored_as, ring_of(life.db.get_bind())) as file:
        stored = file.read()
    assert PLACE not in stored and kept.size == len(stored) and SCAN in stored
