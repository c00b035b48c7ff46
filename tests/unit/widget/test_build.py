"""The built widget: one small file that can neither run a text as code nor call another host."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
import yaml

from guide.settings import data_folder
from widget.build import (
    MAX_GZIPPED,
    SOURCES,
    BuildError,
    build,
    bundle,
    faults_of,
    minified_css,
    modules,
    ordered,
    starters,
)

MAX_LINES = 300


def test_the_build_is_one_small_file(tmp_path: Path) -> None:
    built = build(tmp_path / "dist" / "guide-widget.js")
    script = built.read_bytes()
    assert len(gzip.compress(script, 9, mtime=0)) <= MAX_GZIPPED == 12 * 1024
    assert [path.name for path in built.parent.iterdir()] == ["guide-widget.js"]
    assert script.startswith(b"(()=>{")


def test_the_same_sources_give_the_same_file(tmp_path: Path) -> None:
    built = build(tmp_path / "guide-widget.js")
    first = (built.read_bytes(), built.stat().st_mtime_ns)
    assert (build(built).read_bytes(), built.stat().st_mtime_ns) == first


def test_every_module_is_used() -> None:
    assert set(ordered(modules())) == set(modules())


def test_starters_are_titles_of_answers() -> None:
    themes = starters()
    faq = data_folder() / "faq"
    titles = {yaml.safe_load(path.read_text())["title"] for path in faq.glob("*.yml")}
    assert {title for one in themes.values() for title in one} <= titles
    assert all(2 <= len(one) <= 4 for one in themes.values())


def test_themes_are_named_in_every_language() -> None:
    strings = (SOURCES / "strings.js").read_text()
    for theme in starters():
        assert strings.count(f" {theme}: ") == 2


def test_languages_have_the_same_strings() -> None:
    lines = (SOURCES / "strings.js").read_text().splitlines()
    blocks = [lines[lines.index(f"const {one} = {{") :] for one in ("en", "es")]
    english, spanish = (
        [line.split(":")[0].strip() for line in block[1 : block.index("};")]] for block in blocks
    )
    assert english == spanish
    assert len(english) == len(set(english))


def test_files_stay_short() -> None:
    long = [
        path.name for path in SOURCES.iterdir() if len(path.read_text().splitlines()) > MAX_LINES
    ]
    assert long == []


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("a.innerHTML=b", "innerHTML"),
        ("a.outerHTML=b", "outerHTML"),
        ("a.insertAdjacentHTML('x',b)", "insertAdjacentHTML"),
        ("document.write(b)", "document.write"),
        ("eval(b)", "eval"),
        ("new Function(b)", "Function"),
        ("fetch('https://fonts.example.org/a')", "https://fonts.example.org/a"),
        ("import {a} from './a.js'", "import or export"),
        ("import('./a.js')", "import("),
        ("".join(chr(33 + n * n * n % 90) + str(n * 7919) for n in range(9000)), "gzipped"),
    ],
)
def test_what_must_not_be_in_it(script: str, told: str) -> None:
    assert told in "; ".join(faults_of(script))


@pytest.mark.parametrize(
    "script", ["a.textContent=b", "'http://www.w3.org/2000/svg'", "important=1", "exported()"]
)
def test_what_may_be_in_it(script: str) -> None:
    assert list(faults_of(script)) == []


def test_modules_come_after_what_they_import() -> None:
    sources = {
        "register.js": 'import { b } from "./b.js";\nb();\n',
        "b.js": 'import { a } from "./a.js";\nexport function b() { a(); }\n',
        "a.js": "export const a = () => 1;\n",
    }
    assert ordered(sources) == ["a.js", "b.js", "register.js"]
    script = bundle(sources)
    assert "import" not in script
    assert "export" not in script


@pytest.mark.parametrize(
    ("sources", "told"),
    [
        ({"register.js": 'import { a } from "./a.js";\n'}, "register.js imports a.js"),
        (
            {
                "register.js": 'import { a } from "./a.js";\n',
                "a.js": 'import { b } from "./register.js";\n',
            },
            "register.js -> a.js -> register.js",
        ),
        (
            {
                "register.js": 'import { a } from "./a.js";\nconst a = 1;\n',
                "a.js": "const a = 2;\n",
            },
            "two modules use one name: a",
        ),
    ],
)
def test_faults_are_told(sources: dict[str, str], told: str) -> None:
    with pytest.raises(BuildError, match=told):
        bundle(sources)


def test_a_starter_without_answer_is_told(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="names no answer of data/faq: what_is"):
        starters(tmp_path)


def test_styles_lose_only_what_nobody_sees() -> None:
    css = '/* why */\n.a > .b,\n.c { margin: 0 0.5em; width: calc(1em + 2px); content: "x / y"; }\n'
    assert minified_css(css) == '.a>.b,.c{margin:0 .5em;width:calc(1em + 2px);content:"x / y"}'
