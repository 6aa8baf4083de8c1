"""How a page stands in its window, measured: what is cut off, covered, broken over lines or out of reach; and sheets of its pictures."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from playwright.sync_api import Page

SIZES = {"1440": (1440, 900), "1280": (1280, 720), "390": (390, 844)}
"""The windows in which every page is looked at: two desks and a phone."""

MEASURE = """() => {
  const name = (one) => `<${one.tagName.toLowerCase()} ${one.className?.baseVal ?? one.className}> ${(one.innerText || one.value || '').trim().slice(0, 30)}`;
  const style = (one) => getComputedStyle(one);
  const ancestors = (one) => { const all = []; for (let up = one.parentElement; up; up = up.parentElement) all.push(up); return all; };
  const shown = (one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    && !one.closest('.visually-hidden, .skip-link, [aria-hidden=true], [hidden]')
    && [one, ...ancestors(one)].every((each) => style(each).clipPath === 'none')
    && one.getBoundingClientRect().width > 1 && one.getBoundingClientRect().height > 1;
  const floats = (one) => [one, ...ancestors(one)].some((each) => ['fixed', 'sticky'].includes(style(each).position))
    || one.closest('[popover], dialog, .dropdown-menu');
  const box = (one) => {  // what the boxes that roll around it leave of it
    let { left, right, top, bottom } = one.getBoundingClientRect();
    for (const up of ancestors(one)) if (style(up).overflowX !== 'visible' || style(up).overflowY !== 'visible') {
      const edge = up.getBoundingClientRect();
      if (up === document.body || up === document.documentElement) continue;
      [left, right, top, bottom] = [Math.max(left, edge.left), Math.min(right, edge.right), Math.max(top, edge.top), Math.min(bottom, edge.bottom)];
    }
    return { left, right, top, bottom };
  };
  const wide = document.documentElement.clientWidth, found = [];
  if (document.documentElement.scrollWidth > wide + 1) found.push(`sticks out by ${document.documentElement.scrollWidth - wide} px`);
  for (const one of document.querySelectorAll('body *')) {
    const own = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || !shown(one) || one.closest('svg, select, textarea, pre, code')) continue;
    const is = style(one), said = one.closest('[title]') || is.webkitLineClamp !== 'none';
    const cutWide = is.overflowX !== 'visible' && is.overflowX !== 'auto' && is.overflowX !== 'scroll' && one.scrollWidth > one.clientWidth + 1;
    const cutHigh = ['hidden', 'clip'].includes(is.overflowY) && one.scrollHeight > one.clientHeight + 3;
    if (one.clientWidth && (cutWide || cutHigh) && !said && !one.closest('a[href]')) found.push(`cut off: ${name(one)}`);
  }
  const doors = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')].filter(shown);
  for (const one of doors) {
    const at = box(one);
    if (at.right - at.left < 2 || at.bottom - at.top < 2) continue;
    if (at.left < -1 || at.right > wide + 1) found.push(`out of the window: ${name(one)}`);
    if (one.matches('.btn, .tab')) {
      const range = document.createRange(), lines = new Set();
      range.selectNodeContents(one);
      const high = parseFloat(style(one).lineHeight) || 20;
      for (const each of range.getClientRects()) if (each.width > 1 && each.height > 8 && each.height < 2 * high) lines.add(Math.round((each.top + each.height / 2) / high));
      if (Math.max(...lines) - Math.min(...lines) > 1 || (lines.size > 1 && one.getBoundingClientRect().height > 2.6 * high)) found.push(`broken over lines: ${name(one)}`);
    }
  }
  const still = doors.filter((one) => !floats(one)).map((one) => [one, box(one)]).filter(([, at]) => at.right - at.left > 2 && at.bottom - at.top > 2);
  still.forEach(([one, at], number) => {
    for (const [other, there] of still.slice(number + 1)) {
      if (one.contains(other) || other.contains(one) || (one.labels && [...one.labels].some((label) => label.contains(other)))) continue;
      const across = Math.min(at.right, there.right) - Math.max(at.left, there.left), down = Math.min(at.bottom, there.bottom) - Math.max(at.top, there.top);
      if (across > 3 && down > 3) found.push(`one over the other: ${name(one)} and ${name(other)}`);
    }
  });
  return [...new Set(found)].slice(0, 12);
}"""
"""What stands wrong, each as a sentence. Text cut with a title, or on purpose after some lines, or that leads on to the whole, is not."""


def keep_looks(page: Page, name: str, folder: Path) -> list[str]:
    """Pictures of the page that stands there, in each size, light and dark, and what the measure finds. Nothing is loaded again."""
    found = []
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        found += [f"{size}: {one}" for one in page.evaluate(MEASURE)]
        for mode in ("light", "dark"):
            page.emulate_media(color_scheme=mode, reduced_motion="reduce")  # type: ignore[arg-type]
            page.screenshot(path=folder / f"{size}-{mode}-{_plain(name)}.png", caret="initial")
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return found


def _plain(name: str) -> str:
    return re.sub(r"\W+", "-", name).strip("-") or "home"


def sheets(folder: Path, across: Mapping[str, int]) -> Iterable[Path]:
    """All pictures of one size and mode on a few sheets, each with its name; across: so many beside each other, by size."""
    for size, columns in across.items():
        for mode in ("light", "dark"):
            pictures = sorted(folder.glob(f"{size}-{mode}-*.png"))
            for number, start in enumerate(range(0, len(pictures), columns * 3), 1):
                yield _sheet(
                    pictures[start : start + columns * 3], columns, folder / f"sheet-{size}-{mode}-{number:02}.png"
                )


def _sheet(pictures: list[Path], columns: int, to: Path) -> Path:
    wide = 2400 // columns
    small = []
    for path in pictures:
        with Image.open(path) as picture:
            small.append((path, picture.convert("RGB").resize((wide, picture.height * wide // picture.width))))
    high = max(picture.height for _, picture in small) + 22
    sheet = Image.new("RGB", (wide * columns, high * math.ceil(len(small) / columns)), "gray")
    for at, (path, picture) in enumerate(small):
        left, top = at % columns * wide, at // columns * high
        sheet.paste(picture, (left, top + 20))
        ImageDraw.Draw(sheet).text((left + 4, top + 4), path.stem, fill="white")
    sheet.save(to)
    return to
