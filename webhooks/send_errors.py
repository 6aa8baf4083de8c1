"""What trouble on the way to a provider means for a message: never sent, perhaps sent, or refused."""

from __future__ import annotations

from ssl import SSLCertVerificationError

import requests
from urllib3.exceptions import NewConnectionError, ProxyError

from webhooks.sender import SendFailed

UNREACHABLE, UNKNOWN, REFUSED = "无法连接短信平台", "不确定短信平台是否已收到", "短信平台拒绝了请求"
NUMBER_WRONG, NUMBER_UNKNOWN, UNSUBSCRIBED, BLACKLISTED = "号码不正确", "号码不存在", "市民已退订短信", "号码在黑名单中"
UNWANTED = (UNSUBSCRIBED, BLACKLISTED)
"""Reasons of the citizen's own: no other sender is asked then."""

# Not made for certain: asked to slow down, or told "not now" before anything was done.
SURELY_NOT_SENT = (429, 503)


def no_answer(error: Exception, code: str = "network") -> SendFailed:
    """A request without a readable answer: only a connection that was never made proves that nothing was heard."""
    if isinstance(error, requests.RequestException) and never_connected(error):
        return SendFailed(UNREACHABLE, permanent=False, code=code)
    return SendFailed(UNKNOWN, permanent=False, ambiguous=True, code=code)


def refused(status: int, code: str) -> SendFailed:
    """An answer that is not about this message alone: after a 5xx it may have gone out, else it has not.

    What is left (a wrong key, a sender number not ours, too fast) is ours to mend, and then the message can go.
    """
    if status >= 500 and status not in SURELY_NOT_SENT:
        return SendFailed(UNKNOWN, permanent=False, ambiguous=True, code=code)
    return SendFailed(REFUSED, permanent=False, code=code)


def never_connected(error: requests.RequestException) -> bool:
    """Whether it is certain that the other side heard nothing.

    A proxy that cannot be reached, or that makes no tunnel, and a certificate that is not believed come before the first word.
    """
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    distrusted = bool(reason and reason.args and isinstance(reason.args[0], SSLCertVerificationError))
    return (
        isinstance(error, requests.ConnectTimeout) or isinstance(reason, NewConnectionError | ProxyError) or distrusted
    )
