"""Who is counted, tried or asked for, under a name that tells nobody: a telephone, a login, an address of the network.

These are few enough to be tried out one by one: a digest that everybody can compute is as good as the number itself.
"""

from __future__ import annotations

import hashlib
import hmac

from hotline.web.core.request_context import here


def unnamed(kind: str, who: str) -> str:
    """The same for the same one, and not to be computed without the key of the installation."""
    key = here.settings.secret_key.encode()
    return hmac.new(key, f"{kind}:{who}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:32]
