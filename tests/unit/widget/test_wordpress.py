"""The WordPress plug-in, run by PHP where that is installed, with WordPress' functions stood in."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

PLUGIN = Path(__file__).parents[3] / "widget" / "wordpress" / "car-t-guide.php"
HARNESS = Path(__file__).with_name("wordpress.php")
SERVER = "https://guide.example.org"


def run(function: str, server: str = SERVER, **attributes: str) -> str:
    """What a function of the plug-in prints or gives."""
    php = shutil.which("php")
    if php is None:
        pytest.skip("no PHP on this system: apt-get install php-cli")
    arguments = [php, "-d", "display_errors=stderr", str(HARNESS), str(PLUGIN), function, server]
    done = subprocess.run(
        [*arguments, json.dumps(attributes)], capture_output=True, text=True, check=True, timeout=20
    )
    assert done.stderr == ""
    return done.stdout


def test_the_script_is_deferred() -> None:
    expected = ["car-t-guide", f"{SERVER}/chat/widget.js", [], None, {"strategy": "defer"}]
    assert json.loads(run("car_t_guide_load", f"{SERVER}/")) == expected


@pytest.mark.parametrize("server", ["", "javascript:alert(1)", "guide.example.org"])
def test_without_an_address_nothing_is_shown(server: str) -> None:
    assert run("car_t_guide_load", server) == ""
    assert run("car_t_guide_shortcode", server) == ""


def test_the_shortcode_makes_the_element() -> None:
    assert run("car_t_guide_shortcode", title="Ask us", accent_text="#fff") == (
        f'<car-t-guide data-server="{SERVER}" data-title="Ask us" data-accent-text="#fff">'
        f'<a href="{SERVER}/chat/">Ask the CAR T Guide</a></car-t-guide>'
    )


def test_attributes_cannot_leave_their_quotes() -> None:
    made = run("car_t_guide_shortcode", title='" onclick="alert(1)', onload="alert(1)")
    assert 'data-title="&quot; onclick=&quot;alert(1)"' in made
    assert "onload" not in made


def test_the_setting_is_escaped() -> None:
    made = run("car_t_guide_field", '"><script>alert(1)</script>')
    assert 'value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in made
    assert 'type="url"' in made


def test_it_stays_a_few_dozen_lines() -> None:
    assert len(PLUGIN.read_text().splitlines()) <= 80
