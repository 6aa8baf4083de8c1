"""What `make` promises of the ways it starts Python."""

import os
import subprocess

from tests.support.repository import ROOT


def test_compiled_modules_are_kept_on_a_machine_that_keeps_none():
    """Every start would compile the libraries anew: twice the time until the first page, and in every process of a test."""
    said = subprocess.run(
        ["make", "-s", "-f", "Makefile", "-f", "-", "told"],
        cwd=ROOT,
        input='told:\n\t@echo "[$$PYTHONDONTWRITEBYTECODE]"\n',
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == "[]"
