"""A part of a form whose name is torn by a line end has no name at all: the request's fault, and none of ours (V18)."""

from __future__ import annotations

import pytest
from flask import Flask


@pytest.mark.parametrize("file", ["", '; filename="a.png"'], ids=["words", "file"])
def test_a_part_without_a_name_is_refused(app: Flask, file: str) -> None:
    for path in ("/login", "/c/new", "/c/track"):
        for name in ("a\r", "a\nb", "ê\n@"):
            body = f'--b\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\nx\r\n--b--\r\n'.encode()
            answer = app.test_client().post(path, data=body, content_type="multipart/form-data; boundary=b")
            assert answer.status_code == 400, (path, name)
