"""What is compared: how each side is trained and served."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from guide.content.reader import trained_files, version_of
from guide.settings import PORTS, ROOT
from guide.train import fingerprint

HERE = Path(__file__).parent
# On one sample of the content; WHOLE is the guide on all of it, which stock Rasa trains for hours.
GUIDE, STOCK, WHOLE = "guide", "stock", "guide_whole"


@dataclass(frozen=True)
class Side:
    """One of those that are compared.

    Args:
        name: GUIDE, STOCK or WHOLE.
        model: where its model is or will be; the name changes with all that it is made from.
        settings: environment variables of all its processes.
        training: arguments of Python.
        serving: the same, and environment variables. `{port}` and `{folder}`, an empty one, stand
            for what each server is given.
    """

    name: str
    model: Path
    settings: Mapping[str, str]
    training: Sequence[str]
    serving: tuple[Sequence[str], Mapping[str, str]]


def guide(folder: Path, data: Path, name: str = GUIDE) -> Side:
    """The guide as `make train` and `make run` have it.

    Args:
        folder: of its models.
        data: the content.
        name: GUIDE or WHOLE.
    """
    serving = {
        "GUIDE_PORT": "{port}", "GUIDE_VAR": "{folder}",
        "DATABASE_URL": "sqlite:///{folder}/guide.db",
        # One patient of the benchmark says in seconds what takes a person an hour.
        "GUIDE_PER_MINUTE": "1000000",
    }  # fmt: skip
    return Side(
        name, folder / f"guide-{fingerprint(data)}.tar.gz",
        {"GUIDE_MODELS": str(folder), "GUIDE_DATA": str(data)},
        ("-m", "guide.train"), (("-m", "guide.serve"), serving),
    )  # fmt: skip


def stock(folder: Path, data: Path, epochs: int | None = None) -> Side:
    """Stock Rasa as its own commands have it.

    Args:
        folder: of its models, and of the configuration that they are trained by.
        data: the content.
        epochs: instead of those of config.yml.
    """
    config = yaml.safe_dump(stock_config(epochs), sort_keys=False)
    name = f"stock-{_made_from(config, data)}"
    path, model = folder / f"{name}.yml", folder / f"{name}.tar.gz"
    path.write_text(config, encoding="utf-8")
    training = (
        "-m", "rasa", "train", "--config", str(path), "--domain", str(ROOT / "domain.yml"),
        "--data", str(data), "--out", str(folder), "--fixed-model-name", name,
    )  # fmt: skip
    serving = (
        "-m", "rasa", "run", "--model", str(model), "--endpoints", str(HERE / "endpoints.yml"),
        "--credentials", str(HERE / "credentials.yml"), "--port", "{port}", "-i", "127.0.0.1",
    )  # fmt: skip
    own = {"STOCK_DATABASE": "{folder}/stock.db", "ACTIONS_PORT": str(PORTS["ACTIONS_PORT"])}
    return Side(STOCK, model, {"GUIDE_DATA": str(data)}, training, (serving, own))


def stock_config(epochs: int | None = None) -> dict[str, Any]:
    """config.yml of this folder, with other epochs where given."""
    config = yaml.safe_load((HERE / "config.yml").read_text(encoding="utf-8"))
    for part in [*config["pipeline"], *config["policies"]]:
        if epochs and "epochs" in part:
            part["epochs"] = epochs
    return dict(config)


def _made_from(config: str, data: Path) -> str:
    """A hash of content, domain and configuration; stock Rasa has no code of the guide."""
    domain = (ROOT / "domain.yml").read_text(encoding="utf-8")
    content = version_of(data, trained_files(data))
    return hashlib.sha256("\0".join((content, domain, config)).encode()).hexdigest()[:12]
