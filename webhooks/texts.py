"""Every sentence that a partner's engineers may read in an answer of this room, so that none is left untranslated.

This room cannot know the reader's language: a blueprint takes a `say` function, called with one of these
Chinese sentences and its values. The application gives its own; without one they stay Chinese.
"""

from __future__ import annotations

from collections.abc import Callable

Say = Callable[..., str]

REFUSED = "请求未通过验证。"
TOO_LARGE = "请求超过 %(limit)s 字节的上限。"
NOT_JSON = "请求正文必须是 application/json。"
NOT_FORM = "请求正文必须是表单。"
EMPTY = "请求正文为空。"
BROKEN_JSON = "请求正文不是有效的 JSON。"
NO_SUCH_PARTNER = "没有这个合作平台。"
SOME_FIELDS = "有 %(count)s 个字段需要更正。"
FIELD_MISSING = "缺少字段 %(field)s。"
FIELD_UNKNOWN = "字段 %(field)s 不在接口约定中。"
FIELD_EMPTY = "字段 %(field)s 不能为空。"
FIELD_LONG = "字段 %(field)s 超过 %(limit)s 个字。"
FIELD_NO_ZONE = "字段 %(field)s 必须是带时区的时间，例如 2026-11-23T09:00:00+08:00。"
FIELD_NO_MOMENT = "字段 %(field)s 不是能读懂的时间，例如 2026-11-23T09:00:00+08:00；没有就不写。"
FIELD_WRONG = "字段 %(field)s 的内容不正确。"


def plain(sentence: str, **values: object) -> str:
    """A `say` that speaks Chinese only."""
    return sentence % values if values else sentence
