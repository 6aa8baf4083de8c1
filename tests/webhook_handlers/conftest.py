"""The outside knocks at the application that the pages' tests stand on."""

from tests.support.pages import browse, chinese_again, installation, life, settings

__all__ = ["browse", "chinese_again", "installation", "life", "settings"]
