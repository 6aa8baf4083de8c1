"""A picture is recognised after it was saved anew, made smaller or cut; another picture is not."""

from __future__ import annotations

import io
import random

from PIL import Image, ImageOps

from classifier.evidence.picture_hash import SAME, bands, distance, near_band, picture_hash, turned
from tests.support.planted.closings import again, jpeg, scene


def test_the_same_picture_is_recognised_and_another_is_not() -> None:
    chance = random.Random(5)
    scenes = [scene(chance) for _ in range(60)]
    hashes = [picture_hash(jpeg(one)) for one in scenes]
    found = [picture_hash(again(one, chance)) for one in scenes]
    same = [distance(a, b) for a, b in zip(hashes, found, strict=True) if a is not None and b is not None]
    assert len(same) == 60 and sum(one <= SAME for one in same) >= 57
    others = [distance(a, b) for n, a in enumerate(hashes) for b in hashes[:n] if a is not None and b is not None]
    assert sum(one <= SAME for one in others) <= 1


def test_a_picture_is_recognised_mirrored_and_turned_and_no_other_is() -> None:
    chance = random.Random(7)
    scenes = [scene(chance) for _ in range(40)]
    hashes = [picture_hash(jpeg(one)) or 0 for one in scenes]
    for again_ in (
        ImageOps.mirror,
        ImageOps.flip,
        lambda one: one.rotate(90, expand=True),
        lambda one: one.rotate(180),
    ):
        found = [picture_hash(jpeg(again_(one))) or 0 for one in scenes]
        near = [min(distance(way, b) for way in turned(a)) for a, b in zip(hashes, found, strict=True)]
        assert sum(one <= SAME for one in near) >= 34
    others = [min(distance(way, b) for way in turned(a)) for n, a in enumerate(hashes) for b in hashes[:n]]
    assert sum(one <= SAME for one in others) <= 1


def test_whatever_is_near_enough_is_found_by_one_of_its_parts() -> None:
    chance = random.Random(6)
    for _ in range(300):
        one = chance.getrandbits(64)
        other = one
        for bit in chance.sample(range(64), SAME):
            other ^= 1 << bit
        assert any(part in near_band(own) for own, part in zip(bands(one), bands(other), strict=True))


def test_what_shows_nothing_or_is_no_picture_has_no_hash() -> None:
    assert picture_hash(jpeg(Image.new("RGB", (300, 200), "white"))) is None
    assert picture_hash(b"%PDF-1.7 no picture") is None
    assert picture_hash(jpeg(scene(random.Random(1)))[:400]) is None


def test_a_turned_photo_is_the_same_as_it_is_shown() -> None:
    """A telephone stores it lying and says which way is up."""
    upright = scene(random.Random(9))
    lying, exif = upright.rotate(90, expand=True), Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    lying.save(out, "JPEG", exif=exif, quality=90)
    one, other = picture_hash(jpeg(upright)), picture_hash(out.getvalue())
    assert one is not None and other is not None and distance(one, other) <= SAME
