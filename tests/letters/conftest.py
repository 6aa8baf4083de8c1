"""The letter tray stands on the pages' application and people."""

from tests.support.pages import app, browse, chinese_again, installation, life, settings

__all__ = ["app", "browse", "chinese_again", "installation", "life", "settings"]
