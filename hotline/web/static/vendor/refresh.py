"""Brings the pinned third-party files of the pages in from npm, and checks that nobody changed them since.

    python refresh.py            fetch the pinned versions with `npm pack` and rewrite the files and manifest.json
    python refresh.py --check    compare the files with manifest.json; needs no network

The pages work without internet: a city's intranet has none. To move to a newer version, change it in
PACKAGES, run this file, look at every page, and commit the result. More icons: add the name to icons.txt.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
MANIFEST = HERE / "manifest.json"
OUR_OWN = {"refresh.py", "manifest.json", "icons.txt"}


@dataclass(frozen=True)
class Package:
    """One npm package: which of its files we keep, as {path in the package: our file name}."""

    folder: str
    name: str
    version: str
    licence: str
    files: dict[str, str]


PACKAGES = (
    Package(
        "htmx",
        "htmx.org",
        "4.0.1",
        "0BSD",
        {"dist/htmx.min.js": "htmx.min.js", "dist/ext/hx-sse.min.js": "hx-sse.min.js", "LICENSE": "LICENSE"},
    ),
    Package(
        "bootstrap",
        "bootstrap",
        "5.3.9",
        "MIT",
        {
            "dist/css/bootstrap.min.css": "bootstrap.min.css",
            "dist/js/bootstrap.bundle.min.js": "bootstrap.bundle.min.js",
            "LICENSE": "LICENSE",
        },
    ),
    Package("bootstrap-icons", "bootstrap-icons", "1.13.2", "MIT", {"LICENSE": "LICENSE"}),
    Package(
        "echarts",
        "echarts",
        "6.1.0",
        "Apache-2.0",
        {"dist/echarts.common.min.js": "echarts.common.min.js", "LICENSE": "LICENSE", "NOTICE": "NOTICE"},
    ),
)


def icon_names() -> list[str]:
    """The icons the pages use, one a line in icons.txt."""
    return (HERE / "icons.txt").read_text(encoding="utf-8").split()


def sprite(icons: dict[str, str]) -> bytes:
    """One SVG with a <symbol> for each icon, so that a page names an icon by its fragment."""
    symbols = []
    for name, svg in sorted(icons.items()):
        found = re.search(r'viewBox="([^"]+)"[^>]*>(.*)</svg>', svg, re.S)
        if not found:
            raise SystemExit(f"{name}.svg is not an icon")
        inside = re.sub(r"\s*\n\s*", "", found[2])
        symbols.append(f'<symbol id="{name}" viewBox="{found[1]}">{inside}</symbol>')
    text = '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
    return text.encode()


def pack(package: Package, folder: str) -> dict[str, bytes]:
    """Every file of the pinned version, by its path inside the package; npm checks the registry's integrity hash."""
    told = subprocess.run(
        ["npm", "pack", "--json", "--silent", f"{package.name}@{package.version}"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    about = json.loads(told.stdout)
    about = about[0] if isinstance(about, list) else next(iter(about.values()))
    archive = (Path(folder) / about["filename"]).read_bytes()
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        members = (m for m in tar.getmembers() if m.isfile())
        return {m.name.partition("/")[2]: tar.extractfile(m).read() for m in members}  # type: ignore[union-attr]


def wanted(package: Package, packed: dict[str, bytes]) -> dict[str, bytes]:
    """Our files of this package by our own name; the icons become one sprite."""
    found = {ours: packed[theirs] for theirs, ours in package.files.items()}
    if package.name == "bootstrap-icons":
        missing = [n for n in icon_names() if f"icons/{n}.svg" not in packed]
        if missing:
            raise SystemExit("no such icon: " + ", ".join(missing))
        found["icons.svg"] = sprite({n: packed[f"icons/{n}.svg"].decode() for n in icon_names()})
    return found


def refresh() -> None:
    """Fetch, write and list every file anew."""
    listed = []
    with tempfile.TemporaryDirectory() as folder:
        for package in PACKAGES:
            files = wanted(package, pack(package, folder))
            (HERE / package.folder).mkdir(exist_ok=True)
            for name, content in files.items():
                (HERE / package.folder / name).write_bytes(content)
            listed.append(
                {
                    "package": package.name,
                    "version": package.version,
                    "licence": package.licence,
                    "files": {
                        f"{package.folder}/{name}": hashlib.sha256(content).hexdigest()
                        for name, content in sorted(files.items())
                    },
                }
            )
    MANIFEST.write_text(json.dumps(listed, indent=2) + "\n", encoding="utf-8")


def problems() -> list[str]:
    """What differs between the manifest, the pins and the files, one sentence each; empty when all is well."""
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    pins = {p.name: p.version for p in PACKAGES}
    found = [
        f"{entry['package']} is listed as {entry['version']} but pinned to {pins.get(entry['package'])}"
        for entry in manifest
        if pins.get(entry["package"]) != entry["version"]
    ]
    listed = {path: digest for entry in manifest for path, digest in entry["files"].items()}
    present = {p.relative_to(HERE).as_posix() for p in HERE.rglob("*") if p.is_file() and "__pycache__" not in p.parts}
    found += [f"{path} is not in the manifest" for path in sorted(present - listed.keys() - OUR_OWN)]
    for path, digest in listed.items():
        if path not in present:
            found.append(f"{path} is missing")
        elif hashlib.sha256((HERE / path).read_bytes()).hexdigest() != digest:
            found.append(f"{path} was changed by hand")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="compare the files with manifest.json")
    if not parser.parse_args().check:
        refresh()
    found = problems()
    print("\n".join(found) or "all vendored files are as pinned")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
