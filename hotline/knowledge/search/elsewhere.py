"""What callers ask that is nobody's office: the best maker of stoves, the price of pork, a remedy for snoring.

Such a question shares its things with an article (stove, pork, the dog) and not what is asked. An article that speaks of
such things itself, as the one on sick pigs does, may answer it.
"""

from __future__ import annotations

from pathlib import Path

from hotline.knowledge.search.lists import ways_in

LIST = Path(__file__).with_name("elsewhere.txt")


def ways_elsewhere(text: str) -> set[str]:
    """In which ways a text asks what no office answers."""
    return {way.asked for way in ways_in(LIST) if way.said.search(text)}
