"""Accessibility is promised where citizens read it, with a way to complain."""

from __future__ import annotations

from flask import Flask


def test_the_statement_names_the_standard_and_a_way_to_complain(app: Flask) -> None:
    """Found at the desks: X13."""
    anybody = app.test_client()
    page = anybody.get("/c/accessibility").text
    assert "GB/T 37668" in page and "WCAG 2.1 AA" in page and "投诉" in page and "12345" in page
    assert 'href="/c/accessibility"' in anybody.get("/c").text
