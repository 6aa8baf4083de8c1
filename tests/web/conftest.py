"""The pages' tests stand on an application and on browsers without a screen (tests/support/pages.py)."""

from tests.support.pages import app, browse, chinese_again, installation, life, settings

__all__ = ["app", "browse", "chinese_again", "installation", "life", "settings"]
