"""What every test's application would make anew, and what is the same each time, is made once a process.

Measured on the pages of tickets and units: templates 42 % of the time, the rules of addresses 15, the keywords 5, and a statement’s SQL 6 (see services.py).
"""

from __future__ import annotations

from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from hotline.city.schema import City
from hotline.triage import active_classifier
from hotline.web.live.watcher import Watcher

WATCHING: set[Watcher] = set()
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash
"""A real argon2 hash of so little work that a test can afford it; that real ones cost what they should has a test of its own."""


class CompiledTemplates(BytecodeCache):
    """What Jinja made of each template, in memory; a bucket's key and checksum are its name and its words."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


def make_once(patch: pytest.MonkeyPatch) -> None:
    """Compiled templates, compiled rules of addresses, the keyword classifier of a city; and a hash is no work on purpose."""
    patch.setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": CompiledTemplates()})
    patch.setattr(Rule, "compile", _rules_kept(Rule.compile))
    patch.setattr(Watcher, "_start", _ends_with_its_test(Watcher._start))
    patch.setattr(PasswordHasher, "hash", lambda _costly, password: CHEAP(password))
    patch.setattr(active_classifier, "keyword_classifier", _keywords_kept(active_classifier.keyword_classifier))
    # It walks over all that thousands of tests have made: seconds late in the run.
    patch.setattr(active_classifier, "give_back_memory", lambda: None)


def _rules_kept(compiled: Any) -> Any:
    """What a rule is compiled to hangs on its words and on what its map makes of a variable; two functions are bound to each rule."""
    kept: dict[Any, Any] = {}

    def compile_once(rule: Rule) -> None:
        converters = tuple(rule.map.converters.values())  # type: ignore[union-attr]
        key = (rule.rule, rule.subdomain, rule.host, rule.merge_slashes, repr(rule.defaults), converters)
        if key in kept:
            parts, trace, known, arguments, builders = kept[key]
            rule._parts, rule._trace, rule._converters = parts, trace, known
            rule.arguments |= arguments
            rule._build, rule._build_unknown = (one.__get__(rule, None) for one in builders)
            return
        compiled(rule)
        builders = (rule._build.__func__, rule._build_unknown.__func__)  # type: ignore[attr-defined]
        kept[key] = (rule._parts, rule._trace, rule._converters, set(rule.arguments), builders)

    return compile_once


def _ends_with_its_test(begun: Any) -> Any:
    """A watcher that a test began is known, so that it ends with that test."""

    def begin(watcher: Watcher) -> None:
        begun(watcher)
        # Not before: one that is ended at this moment, and begins after it, would watch for ever.
        WATCHING.add(watcher)

    return begin


def end_watchers() -> None:
    """Nothing goes on looking at the database of a test that is over."""
    while WATCHING:
        WATCHING.pop().stop()


def _keywords_kept(made: Any) -> Any:
    """By the city itself, which is held so that no other takes its place."""
    kept: dict[int, tuple[City, Any]] = {}

    def keywords(city: City) -> Any:
        if id(city) not in kept:
            kept[id(city)] = city, made(city)
        return kept[id(city)][1]

    return keywords
