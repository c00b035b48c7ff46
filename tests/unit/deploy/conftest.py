"""An image and a volume, both small. Training is told and not done."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy import start, take
from guide.learn.places import files_of
from guide.train import fingerprint
from tests.unit.content.small_content import SmallContent
from tests.unit.learn.conftest import Children, live, processes  # noqa: F401  fixtures

MINE = "faq/cost.yml"


@dataclass(frozen=True)
class Places:
    """`image` and `volume` have data and models; the volume's are those of the settings."""

    image: Path
    volume: Path

    def change(self, place: Path, name: str, text: str) -> None:
        """Somebody changes a file of the content, so that it stays valid."""
        path = place / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(f"{before}# {text}\n", encoding="utf-8")

    def read(self, place: Path, name: str) -> str:
        """A file of the content."""
        return (place / "data" / name).read_text(encoding="utf-8")

    def names(self, place: Path) -> list[str]:
        """All files of the content."""
        return files_of(place / "data")


@pytest.fixture
def places(
    live: SmallContent,  # noqa: F811
    processes: Children,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Places:
    """A new image, and a volume that is still empty."""
    image = tmp_path / "image"
    shutil.move(live.folder, image / "data")
    (image / "models").mkdir()
    model = image / "models" / f"guide-{fingerprint(image / 'data')}.tar.gz"
    model.write_text("the image's model")
    for module in (start, take):
        monkeypatch.setattr(module, "IMAGE", image)
    return Places(image, tmp_path)
