"""The two that are compared: how each is trained and served."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from guide.content.reader import trained_files, version_of
from guide.settings import PORTS, ROOT, data_folder
from guide.train import fingerprint

HERE = Path(__file__).parent
GUIDE, STOCK = "guide", "stock"
NAMES = (GUIDE, STOCK)


@dataclass(frozen=True)
class Side:
    """One of the two.

    Args:
        name: of `NAMES`.
        model: where its model is or will be; the name changes with all that it is made from.
        training: arguments of Python, and environment variables.
        serving: the same; `{port}` and `{folder}`, an empty one, stand for what a server is given.
    """

    name: str
    model: Path
    training: tuple[Sequence[str], Mapping[str, str]]
    serving: tuple[Sequence[str], Mapping[str, str]]


def guide(folder: Path) -> Side:
    """The guide as `make train` and `make run` have it, with its models in a folder."""
    models = {"GUIDE_MODELS": str(folder)}
    serving = {
        **models, "GUIDE_PORT": "{port}", "GUIDE_VAR": "{folder}",
        "DATABASE_URL": "sqlite:///{folder}/guide.db",
        # One patient of the benchmark says in seconds what takes a person an hour.
        "GUIDE_PER_MINUTE": "1000000",
    }  # fmt: skip
    return Side(
        GUIDE, folder / f"guide-{fingerprint()}.tar.gz",
        (("-m", "guide.train"), models), (("-m", "guide.serve"), serving),
    )  # fmt: skip


def stock(folder: Path, epochs: int | None = None) -> Side:
    """Stock Rasa as its own commands have it, with its models in a folder.

    Args:
        folder: of its models, and of the configuration that they are trained by.
        epochs: instead of those of config.yml, for a trial.
    """
    config = yaml.safe_dump(stock_config(epochs), sort_keys=False)
    name = f"stock-{_made_from(config)}"
    path, model = folder / f"{name}.yml", folder / f"{name}.tar.gz"
    path.write_text(config, encoding="utf-8")
    training = (
        "-m", "rasa", "train", "--config", str(path), "--domain", str(ROOT / "domain.yml"),
        "--data", str(data_folder()), "--out", str(folder), "--fixed-model-name", name,
    )  # fmt: skip
    serving = (
        "-m", "rasa", "run", "--model", str(model), "--endpoints", str(HERE / "endpoints.yml"),
        "--credentials", str(HERE / "credentials.yml"), "--port", "{port}", "-i", "127.0.0.1",
    )  # fmt: skip
    settings = {"STOCK_DATABASE": "{folder}/stock.db", "ACTIONS_PORT": str(PORTS["ACTIONS_PORT"])}
    return Side(STOCK, model, (training, {}), (serving, settings))


def stock_config(epochs: int | None = None) -> dict[str, Any]:
    """config.yml of this folder, with other epochs where given."""
    config = yaml.safe_load((HERE / "config.yml").read_text(encoding="utf-8"))
    for part in [*config["pipeline"], *config["policies"]]:
        if epochs and "epochs" in part:
            part["epochs"] = epochs
    return dict(config)


def _made_from(config: str) -> str:
    """A hash of content, domain and configuration; stock Rasa has no code of the guide."""
    domain = (ROOT / "domain.yml").read_text(encoding="utf-8")
    content = version_of(data_folder(), trained_files(data_folder()))
    return hashlib.sha256("\0".join((content, domain, config)).encode()).hexdigest()[:12]
