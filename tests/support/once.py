"""What every test's application would make anew, and what is the same each time, is made once a process.

Measured on the pages of tickets and units: templates 42 % of the time, the builders of addresses 8, the keywords 5, and a statement’s SQL 6 (see services.py).
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
    """Compiled templates, compiled builders of addresses, the keyword classifier of a city; and a hash is no work on purpose."""
    patch.setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": CompiledTemplates()})
    patch.setattr(Rule, "_compile_builder", _builders_kept(Rule._compile_builder))
    patch.setattr(PasswordHasher, "hash", lambda _costly, password: CHEAP(password))
    patch.setattr(active_classifier, "keyword_classifier", _keywords_kept(active_classifier.keyword_classifier))


def _builders_kept(compiled: Any) -> Any:
    """A builder hangs on the words of its rule alone; it is bound to each rule afterwards."""
    kept: dict[Any, Any] = {}

    def builder(rule: Rule, append_unknown: bool = True) -> Any:
        key = (rule.rule, rule.subdomain, rule.host, repr(rule.defaults), append_unknown)
        if key not in kept:
            kept[key] = compiled(rule, append_unknown)
        return kept[key]

    return builder


def _keywords_kept(made: Any) -> Any:
    """By the city itself, which is held so that no other takes its place."""
    kept: dict[int, tuple[City, Any]] = {}

    def keywords(city: City) -> Any:
        if id(city) not in kept:
            kept[id(city)] = city, made(city)
        return kept[id(city)][1]

    return keywords
