"""Does a reply name a file as its proof? "附照片", "详见附件", "视频已上传": words that want a file beside them."""

from __future__ import annotations

from classifier.text.patterns.late import late

_THING = r"(?:照片|图片|附图|附件|视频|录像|录音|截图|检测报告|影像|凭证|票据|清单)"
_NAMED = late(
    rf"(?:[随后另现]?附(?:上|有|后|件)?|[详参请]?见|上传(?:了)?|提供(?:了)?|提交(?:了)?)[^,，。；;]{{0,6}}{_THING}"
    rf"|{_THING}[^,，。；;]{{0,4}}(?:附后|附上|上传|随附|见附|已附|为证|可证)"
)
_OF_OTHERS = late(
    r"市民|您|群众|来电人|诉求人|补充|提供给|请[^,，。；;]{0,4}(?:提供|上传|补)|未(?:提供|上传)|没有(?:提供|上传)"
)


def file_named(*texts: str) -> str:
    """The words that name one, "" where none does. What the citizen gave or shall give is no proof of the unit's."""
    for text in texts:
        for found in _NAMED.finditer(text):
            clause = text[max(text.rfind(sign, 0, found.start()) for sign in ",，。；;\n") + 1 : found.end()]
            if not _OF_OTHERS.search(clause):
                return found[0]
    return ""
