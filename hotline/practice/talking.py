"""What an invented caller says to a question, chosen or typed; matched by words alone, so that the same question gets the same answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hotline.city.practice.schema import PracticeRules, Question, Script

AGENT, CALLER = "agent", "caller"


@dataclass(frozen=True)
class Turn:
    """One question with its answer. ask: the codes of the questions that were put by it."""

    words: str
    say: str
    ask: tuple[str, ...]

    def written(self) -> list[dict[str, Any]]:
        return [
            {"who": AGENT, "words": self.words, "ask": list(self.ask)},
            {"who": CALLER, "words": self.say},
        ]


def opened(script: Script) -> list[dict[str, Any]]:
    """The call begins with what the caller says first."""
    return [{"who": CALLER, "words": script.says}]


def put(script: Script, question: Question, said: Sequence[Mapping[str, Any]]) -> Turn:
    """A question chosen by its key."""
    return Turn(question.ask, _answer(script, [question], said), (question.code,))


def typed(script: Script, rules: PracticeRules, words: str, said: Sequence[Mapping[str, Any]]) -> Turn:
    """A question in the agent's own words: every question whose words are in it is answered, the caller's own matters first."""
    asked = [one for one in rules.questions.values() if any(word in words for word in one.words)]
    special = next((one.say for one in script.specials if any(word in words for word in one.words)), "")
    codes = tuple(one.code for one in asked)
    if script.first and not _was_put(script.first, said) and script.first not in codes:
        return Turn(words, script.until, codes)
    if special:
        return Turn(words, special, codes)
    return Turn(words, _answer(script, asked, said) if asked else rules.puzzled, codes)


def asked_of(said: Sequence[Mapping[str, Any]]) -> set[str]:
    """The codes of all questions that were put."""
    return {code for turn in said for code in turn.get("ask", ())}


def words_of_agent(said: Sequence[Mapping[str, Any]]) -> str:
    return "\n".join(str(turn["words"]) for turn in said if turn["who"] == AGENT)


def _answer(script: Script, asked: Sequence[Question], said: Sequence[Mapping[str, Any]]) -> str:
    codes = [one.code for one in asked]
    if script.first and script.first not in codes and not _was_put(script.first, said):
        return script.until
    return " ".join(script.answers.get(one.code, one.unknown) for one in asked)


def _was_put(code: str, said: Sequence[Mapping[str, Any]]) -> bool:
    return code in asked_of(said)
