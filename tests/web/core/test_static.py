"""The pages' files are the pinned ones, need no internet, keep to a policy without inline code, and stand in layers and modules."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
import sys
from pathlib import Path
from types import ModuleType
from urllib.parse import urljoin

import pytest
from flask import Flask
from jinja2 import Environment

from hotline.i18n import english
from hotline.tickets.display import timeline_words
from hotline.web.core.navigation import DESKS
from hotline.web.core.static_files import static_version
from hotline.web.search.bulk import BULK_ACTIONS

WEB = Path(__file__).resolve().parents[3] / "hotline" / "web"
STATIC = WEB / "static"
VENDOR = STATIC / "vendor"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
OUR_SCRIPTS = sorted((STATIC / "js").rglob("*.js"))
SHEETS = sorted((STATIC / "css").rglob("*.css"))


def refresher() -> ModuleType:
    spec = importlib.util.spec_from_file_location("vendor_refresh", VENDOR / "refresh.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def template_id(path: Path) -> str:
    return str(path.relative_to(WEB / "templates"))


def test_every_vendored_file_is_the_pinned_one() -> None:
    assert refresher().problems() == []


def test_a_vendored_file_changed_by_hand_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = refresher()
    (tmp_path / "htmx").mkdir()
    (tmp_path / "htmx" / "htmx.min.js").write_text("changed")
    pinned = hashlib.sha256(b"pinned").hexdigest()
    listed = {"package": "htmx.org", "version": "4.0.1", "files": {"htmx/htmx.min.js": pinned}}
    (tmp_path / "manifest.json").write_text(json.dumps([listed]))
    monkeypatch.setattr(module, "HERE", tmp_path)
    monkeypatch.setattr(module, "MANIFEST", tmp_path / "manifest.json")
    assert module.problems() == ["htmx/htmx.min.js was changed by hand"]


def test_every_vendored_package_brings_its_licence() -> None:
    for package in json.loads((VENDOR / "manifest.json").read_text()):
        assert any(path.endswith("LICENSE") for path in package["files"]), package["package"]


@pytest.mark.parametrize("path", TEMPLATES, ids=template_id)
def test_no_page_carries_inline_code_or_style(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}", " ", path.read_text(encoding="utf-8"), flags=re.S)
    assert not re.search(r"\sstyle\s*=", text), "style attribute"
    assert not re.search(r"<style\b", text), "style element"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "inline handler"
    assert not re.search(r"hx-on|javascript:|hx-\w+=['\"]\s*js:", text), "needs eval"
    assert not re.search(r"hx-trigger=\"[^\"]*\[", text), "a trigger filter needs eval"
    for tag in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in tag or "application/json" in tag, tag


@pytest.mark.parametrize("path", [*TEMPLATES, *OUR_SCRIPTS, *SHEETS], ids=lambda p: p.name)
def test_no_page_fetches_anything_from_the_internet(path: Path) -> None:
    addresses = re.findall(r"(?:https?:)?//[\w.-]+\.[a-z]{2,}[^\s\"']*", path.read_text(encoding="utf-8"))
    assert [a for a in addresses if "www.w3.org" not in a] == []


@pytest.mark.parametrize("path", OUR_SCRIPTS, ids=lambda p: p.name)
def test_our_scripts_need_no_eval_and_write_no_markup(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=template_id)
def test_every_icon_a_page_names_is_in_the_sprite(path: Path) -> None:
    sprite = set(re.findall(r'<symbol id="([\w-]+)"', (VENDOR / "bootstrap-icons" / "icons.svg").read_text()))
    text = path.read_text(encoding="utf-8")
    named = set(re.findall(r"""(?:\bicon\(|icon_name=|none_icon=)["']([a-z][\w-]+)["']""", text))
    assert named <= sprite, f"not in icons.txt: {named - sprite}"


def test_every_icon_of_an_action_a_desk_and_a_demand_is_in_the_sprite() -> None:
    """One that is missing leaves a blank before its words."""
    named = {
        *timeline_words.ICONS.values(),
        *(desk.icon for desk in DESKS),
        *(deed.icon for deed in BULK_ACTIONS.values()),
    }
    sprite = (VENDOR / "bootstrap-icons" / "icons.svg").read_text()
    assert {name for name in named if f'<symbol id="{name}"' not in sprite} == set()


def test_every_asset_a_template_names_exists() -> None:
    for path in TEMPLATES:
        for name in re.findall(r"asset\('([^'~]+)'\)", path.read_text(encoding="utf-8")):
            assert (STATIC / name).is_file(), f"{path.name}: {name}"


def test_every_module_imports_what_exists() -> None:
    for path in OUR_SCRIPTS:
        text = path.read_text(encoding="utf-8")
        for names, source in re.findall(r'^import (?:(.+?) from )?"([^"]+)";$', text, flags=re.M):
            there = (path.parent / source).resolve()
            assert there.is_file(), f"{path.name}: {source}"
            offered = set(re.findall(r"^export (?:async )?(?:function|const) (\w+)", there.read_text(), flags=re.M))
            wanted = set(re.findall(r"(?:^|[{,])\s*(\w+)", names)) if names.startswith("{") else set()
            assert wanted <= offered, f"{path.name}: {wanted - offered}"


def test_scripts_share_nothing_but_what_they_import() -> None:
    for path in OUR_SCRIPTS:
        assert not re.search(r"\bwindow\.hotline\b|\bhotline\.\w+\(", path.read_text(encoding="utf-8")), path.name


def test_our_scripts_are_modules() -> None:
    """But for the one that hears a key before the page is read: a module waits until then."""
    for path in TEMPLATES:
        for tag in re.findall(r"<script\b[^>]*js/[^>]*>", path.read_text(encoding="utf-8")):
            assert 'type="module"' in tag or "js/core/early.js" in tag, f"{path.name}: {tag}"


def test_charts_are_fetched_only_by_pages_that_draw() -> None:
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        draws = "{{ chart(" in text and path.parent.name != "macros"
        assert draws == ("echarts" in text) == ("js/overview/charts.js" in text), template_id(path)


def test_every_sheet_stands_in_a_layer() -> None:
    """A rule outside every layer would win over all of them."""
    core = (STATIC / "css/core.css").read_text(encoding="utf-8")
    imported = dict(re.findall(r'@import url\("([^"]+)"\) layer\((\w+)\);', core))
    layers = re.search(r"^@layer (.+);$", core, flags=re.M)
    assert layers and set(imported.values()) < set(layers[1].split(", "))
    assert all((STATIC / "css" / name).is_file() for name in imported)
    for path in SHEETS:
        if path.name == "core.css" or f"core/{path.name}" in imported:
            continue
        rules = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
        blocks = re.findall(r"^@layer (\w+) \{$.*?^\}$", rules, flags=re.S | re.M)
        beside = re.sub(r"^@layer \w+ \{$.*?^\}$", "", rules, flags=re.S | re.M)
        assert not beside.strip(), f"{path.name}: rules outside the layer"
        assert set(blocks) == ({"tokens", "base"} if path.name == "dark.css" else {"desk"}), path.name


def test_the_frames_of_the_desks_have_names_of_their_own() -> None:
    """The agent's and the dispatcher's columns differ: one name for both made each page depend on which sheet came last."""
    named = [path.name for path in SHEETS if re.search(r"\.desk-split\b", path.read_text(encoding="utf-8"))]
    assert named == []


def test_a_file_of_this_release_is_kept_for_a_year_and_one_of_another_is_not(app: Flask) -> None:
    client = app.test_client()
    now = client.get(f"/static/{static_version()}/js/core/desk.js")
    assert now.status_code == 200 and "max-age=31536000" in now.headers["Cache-Control"]
    assert "javascript" in (now.content_type or "")
    before = client.get("/static/0123456789/js/core/desk.js")
    assert before.data == now.data and "max-age=31536000" not in before.headers["Cache-Control"]


def test_what_a_module_imports_has_the_version_of_the_page(app: Flask) -> None:
    page = app.test_client().get("/login").get_data(as_text=True)
    address = re.search(r'<script type="module" src="([^"?]+)"', page)
    assert address and address[1].startswith(f"/static/{static_version()}/")
    assert app.test_client().get(urljoin(address[1], "./public.js")).status_code == 200


@pytest.mark.parametrize("path", ["../app.py", "%2e%2e/app.py", "../../settings.py"])
def test_nothing_outside_the_folder_is_sent(app: Flask, path: str) -> None:
    assert app.test_client().get(f"/static/{static_version()}/{path}").status_code == 404


def test_every_word_a_script_says_is_given_by_the_page() -> None:
    shell = (WEB / "templates" / "core" / "macros" / "shell.html").read_text(encoding="utf-8")
    given = set(re.findall(r'"(\w+)": _\(', shell))
    said = {key for path in OUR_SCRIPTS for key in re.findall(r'\bsay\("(\w+)"', path.read_text(encoding="utf-8"))}
    assert said <= given, said - given


def frame_sentences() -> set[str]:
    names = ("core/base.html", "core/public.html", "account/login.html")
    frame = [p for p in TEMPLATES if p.parent.name in ("macros", "errors") or p.name in names]
    found = set()
    for path in frame:
        for _line, _function, message in Environment(extensions=["jinja2.ext.i18n"]).extract_translations(
            path.read_text(encoding="utf-8")
        ):
            if message is not None:  # what is translated by a variable is a sentence of another place
                found.add(message if isinstance(message, str) else str(message[0]))
    return found


def test_every_sentence_of_the_frame_has_its_english() -> None:
    missing = sorted(frame_sentences() - english().keys())
    assert missing == []


def test_english_sentences_keep_the_places_of_the_chinese_ones() -> None:
    places = re.compile(r"%\(\w+\)s|\{\w+\}")
    for sentence in frame_sentences():
        assert sorted(places.findall(sentence)) == sorted(places.findall(english().get(sentence, sentence))), sentence
