"""Schemathesis asks every operation of the document whatever the document allows, and much that it does not: each answer is one of
those that the document tells, of the shape that it tells, and none is a 5xx (V18, VH14)."""

from __future__ import annotations

import os
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from schemathesis import GenerationMode, checks
from schemathesis.errors import FailureGroup

from hotline.web.admin import tokens as machine_tokens
from tests.support.doubles.machine import Machine
from tests.support.life import Life
from tests.support.make import CHENGGUAN

EXAMPLES = int(os.environ.get("HOTLINE_FUZZ", "4"))
"""For each operation and kind; with HOTLINE_FUZZ=200 it takes minutes and finds what is rare, each time by other calls."""

BOUNDED = hypothesis_settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="HOTLINE_FUZZ" not in os.environ,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
PROMISED = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]


@pytest.mark.slow
@pytest.mark.timeout(0 if "HOTLINE_FUZZ" in os.environ else 600)
@pytest.mark.parametrize("real", [True, False], ids=["of a ticket that is there", "of anything"])
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_every_answer_is_one_that_the_document_tells(
    mode: GenerationMode, real: bool, app: Flask, machine: Machine, life: Life
) -> None:
    ticket = life.to("handling")
    life.db.commit()
    headers = {"Authorization": f"Bearer {machine('partner', *machine_tokens.SCOPES, units=[CHENGGUAN]).secret}"}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 40
    wrong: list[str] = []
    for operation in operations:
        known = {"path_parameters": {"number": ticket.number}} if real and "{number}" in operation.path else {}

        @BOUNDED
        @given(operation.as_strategy(mode, **known))
        def ask(case: Any) -> None:
            try:
                case.call_and_validate(headers=headers, checks=PROMISED)
            except FailureGroup as failed:
                wrong.append(f"{case.method} {case.path}: {failed.exceptions}")

        ask()
    assert not wrong, f"{len(wrong)}\n\n" + "\n\n".join(wrong[:10])
