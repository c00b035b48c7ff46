"""Joins the widget's modules, its styles and the titles of its starter questions into one file.

`python -m widget.build` writes widget/dist/guide-widget.js: one classic script, minified, that
needs nothing else.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import rjsmin
import yaml

from guide.settings import data_folder

FOLDER = Path(__file__).parent
SOURCES = FOLDER / "src"
BUILT = FOLDER / "dist" / "guide-widget.js"
ENTRY = "register.js"
MAX_GZIPPED = 12 * 1024
# Each would let a text become markup or code, or bind the widget to another host.
FORBIDDEN = (
    "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(",
    "srcdoc", "import(", "DOMParser",
)  # fmt: skip
# The name of the format of drawings; nothing is fetched from there.
NAMES = ("http://www.w3.org/2000/svg",)

_IMPORT = re.compile(r'^import \{[^}]*\} from "\./(?P<file>[\w.]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async |const|class|function))", re.MULTILINE)
_TOP = re.compile(r"^(?:async )?(?:const|let|class|function) (\w+)", re.MULTILINE)
_ADDRESS = re.compile(r"https?://[\w./-]+")
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CSS_SPACE = re.compile(r"\s+")
_CSS_EDGE = re.compile(r" ?([{};,>]) ?|(:) ")
_CSS_ZERO = re.compile(r"(?<=[ :(-])0(?=\.\d)")


class BuildError(Exception):
    """The widget cannot be built, in words for who changed it."""


def starters(folder: Path | None = None) -> dict[str, list[str]]:
    """Theme -> titles of its answers (of a folder of them), in the order of starters.yml.

    Raises:
        BuildError: an answer is not there.
    """
    folder = folder or data_folder() / "faq"
    themes = yaml.safe_load((FOLDER / "starters.yml").read_text())
    missing = [
        one for ids in themes.values() for one in ids if not (folder / f"{one}.yml").exists()
    ]
    if missing:
        raise BuildError(f"widget/starters.yml names no answer of data/faq: {', '.join(missing)}")
    return {
        theme: [yaml.safe_load((folder / f"{one}.yml").read_text())["title"] for one in ids]
        for theme, ids in themes.items()
    }


def minified_css(css: str) -> str:
    """The styles without comments and needless spaces."""
    bare = _CSS_SPACE.sub(" ", _CSS_COMMENT.sub("", css))
    return _CSS_ZERO.sub("", _CSS_EDGE.sub(r"\1\2", bare).replace(";}", "}")).strip()


def modules() -> dict[str, str]:
    """File name -> source; two of them are made from what is no script."""
    sources = {path.name: path.read_text() for path in sorted(SOURCES.glob("*.js"))}
    css = minified_css((SOURCES / "widget.css").read_text())
    sources["styles.js"] = f"export const CSS_TEXT = {json.dumps(css)};\n"
    titles = json.dumps(starters(), ensure_ascii=False)
    sources["starters.js"] = f"export const STARTERS = {titles};\n"
    return sources


def ordered(sources: dict[str, str], entry: str = ENTRY) -> list[str]:
    """File names, each after those that it imports.

    Raises:
        BuildError: a file is missing, or two import each other.
    """
    done: list[str] = []

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in done:
            return
        if name in path:
            raise BuildError(f"these import each other: {' -> '.join([*path, name])}")
        if name not in sources:
            raise BuildError(f"{path[-1]} imports {name}, which is not there")
        for found in _IMPORT.finditer(sources[name]):
            visit(found["file"], (*path, name))
        done.append(name)

    visit(entry, ())
    return done


def bundle(sources: dict[str, str]) -> str:
    """One classic script of all modules, in a scope of its own.

    Raises:
        BuildError: two modules use one name, or something is in it that must not be.
    """
    names = ordered(sources)
    plain = [_EXPORT.sub("", _IMPORT.sub("", sources[name])) for name in names]
    counted = Counter(top for source in plain for top in _TOP.findall(source))
    twice = [top for top, times in counted.items() if times > 1]
    if twice:
        raise BuildError(f"two modules use one name: {', '.join(sorted(twice))}")
    script = rjsmin.jsmin('(()=>{"use strict";\n' + "\n".join(plain) + "\n})();")
    faults = list(faults_of(script))
    if faults:
        raise BuildError("; ".join(faults))
    return script + "\n"


def faults_of(script: str) -> Iterator[str]:
    """What the built file must not hold."""
    yield from (f"{word} is not allowed" for word in FORBIDDEN if word in script)
    if re.search(r"^\s*(?:import|export)\b", script, re.MULTILINE):
        yield "an import or export was left"
    for address in _ADDRESS.findall(script):
        if address not in NAMES:
            yield f"the address {address} is not allowed"
    size = len(gzip.compress(script.encode(), 9, mtime=0))
    if size > MAX_GZIPPED:
        yield f"{size} bytes gzipped are more than {MAX_GZIPPED}"


def build(target: Path = BUILT) -> Path:
    """Writes the file unless it holds the same already, and gives its path."""
    script = bundle(modules())
    if not target.exists() or target.read_text() != script:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(script)
    return target


if __name__ == "__main__":
    built = build()
    size = len(gzip.compress(built.read_bytes(), 9, mtime=0))
    print(f"{built}: {built.stat().st_size} bytes, {size} gzipped")
