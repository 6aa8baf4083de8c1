"""What was measured is printed whole, as text and as pictures."""

from xml.etree import ElementTree

from classifier.card import card, coverage_svg, reliability_svg

FOUND = {
    "macro_f1": 0.91234,
    "precision_interval": (0.9, 0.98),
    "labels": ["0204", "0301"],
    "per_class": [{"label": "0204", "precision": 1.0, "recall": 0.5, "f1": 0.66, "support": 7}],
    "confusion": [[3, 4], [0, 5]],
    "reliability": [(0.55, 0.5, 4), (0.95, 0.9, 8)],
    "coverage_curve": [(0.5, 1.0), (1.0, 0.7)],
    "data": "abc123",
    "versions": {"numpy": "2"},
}


def test_the_card_prints_every_part_that_was_measured():
    text = card(FOUND)
    for piece in (
        "0.9123",
        "0.9000 – 0.9800",
        "| 0204 | 3 | 4 |",
        "| 0.5500 | 0.5000 | 4 |",
        "| 0.5000 | 1.0000 |",
        "abc123",
        "numpy 2",
    ):
        assert piece in text
    assert "![curve.svg](curve.svg)" in card(FOUND, ["curve.svg"])
    assert "Confusion" not in card({"macro_f1": 0.5})


def test_the_curves_are_pictures_with_one_dot_a_point():
    for picture in (reliability_svg(FOUND), coverage_svg(FOUND)):
        assert len(ElementTree.fromstring(picture).findall(".//{*}circle")) == 2
