"""Real replies with their telephones put back: offices may tell their numbers, and what is refused is a true leak."""

import gzip
import json
from itertools import cycle
from pathlib import Path

from classifier.text.masking.mask import ANSWER, personal_spans

OFFICES = (
    "0372-3333333",
    "0731-85012345",
    "（0372）3333333",
    "3333333",
    "0372 3333333",
    "400-666-8888",
    "0372-3333333转801",
)


def test_hardly_a_real_reply_is_refused_and_none_for_an_office_number(data: Path) -> None:
    """Found outside: M2."""
    with gzip.open(data / "teddy2020_reply_train.jsonl.gz", "rt", encoding="utf-8") as rows:
        replies = [json.loads(row)["reply"] for row in rows]
    refused, offices = [], cycle(OFFICES)
    for reply in replies:
        while "0000-00000000" in reply:
            reply = reply.replace("0000-00000000", next(offices), 1)
        if found := personal_spans(reply, where=ANSWER):
            refused.append({one.kind for one in found})
    assert len(refused) <= len(replies) / 100
    assert not [kinds for kinds in refused if "phone" in kinds or "email" in kinds]
