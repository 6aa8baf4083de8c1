"""One ticket's whole life, played through HTTP against a server of its own and told step by step.

Every deed goes through the pages people use, the JSON API or the signed webhooks of the network; nothing is reached into.
After each step the ticket's state is asked for through the API, and the story stops where it differs from what it should be.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from hotline.demo_story.browser import WentWrong
from hotline.demo_story.chapters import CHAPTERS
from hotline.demo_story.stage import a_stage
from hotline.i18n import _


def tell(say: Callable[[str], None]) -> int:
    """Play the story; 0 when every step was as it should be, 1 otherwise."""
    with tempfile.TemporaryDirectory(prefix="hotline-story-") as folder, a_stage(Path(folder), say) as stage:
        say(_("一张工单的一生（真实 HTTP，%(url)s，临时数据库）", url=stage.url))
        try:
            for chapter in CHAPTERS:
                chapter(stage)
        except WentWrong as wrong:
            say(_("故事断在这里：%(why)s", why=wrong))
            return 1
        say(_("完：%(n)d 步，步步如常。", n=stage.step))
    return 0
