"""What the health page tells: each check finds one case of staff/health/words.yml."""

from __future__ import annotations

import platform
import shutil
import time
from importlib.metadata import PackageNotFoundError, version

import django
from django.conf import settings

from guide.settings import SettingError, models_folder, retention_days, var_folder
from staff.health import numbers
from staff.health.chat import Chat, ask
from staff.health.words import Finding, Line, age, line, size
from staff.records.templatetags.records import when

DAY = 24 * 3600.0
STUCK_SECONDS = 300.0  # an accepted message is answered in seconds, or taken up within two minutes
GRACE_DAYS = 1.5  # removal runs every hour
LITTLE, HARDLY_ANY = 5e9, 1e9  # bytes
MAX_RELEASE = 40


def lines() -> list[Line]:
    """Every check, in the order of the page."""
    chat = ask()
    found = [
        of_chat(chat), of_failures(chat), of_inbox(), of_database(), of_retention(), of_erasing(),
        of_release(chat), of_disk(), of_versions(chat),
    ]  # fmt: skip
    return [line(finding) for finding in found]


def of_chat(chat: Chat) -> Finding:
    """Whether patients are answered."""
    if not chat.answers:
        return Finding("chat", "away", {"url": settings.GUIDE_URL})
    if chat.told is None:
        return Finding("chat", "strange", {"url": settings.GUIDE_URL})
    parts = chat.told["not_ready"]
    if isinstance(parts, list) and parts:
        return Finding("chat", "not_ready", {"parts": ", ".join(str(part)[:30] for part in parts)})
    return Finding("chat", "ready")


def of_failures(chat: Chat) -> Finding:
    """Writes that failed."""
    count = chat.count("store_failures")
    if count is None:
        return Finding("failures", "unknown")
    return Finding("failures", "some" if count else "none", {"count": count})


def of_inbox() -> Finding:
    """Accepted messages that nobody answered yet."""
    count, oldest = numbers.waiting()
    if not count or oldest is None:
        return Finding("inbox", "none")
    waited = time.time() - oldest
    case = "stuck" if waited > STUCK_SECONDS else "some"
    return Finding("inbox", case, {"count": count, "age": age(waited)})


def of_database() -> Finding:
    """Kind, size and rows."""
    rows = {name: f"{count:,}" for name, count in numbers.rows().items()}
    about = {"version": numbers.database_version(), "size": size(numbers.database_bytes())}
    return Finding("database", numbers.vendor(), {**rows, **about})


def of_retention() -> Finding:
    """Whether what is old really goes."""
    try:
        days = retention_days()
    except SettingError:
        return Finding("retention", "wrong")
    oldest = numbers.oldest_turn()
    old = (time.time() - oldest) / DAY if oldest else 0.0
    if old > days + GRACE_DAYS:
        return Finding("retention", "late", {"days": days, "oldest": round(old)})
    last = numbers.last_removal("retention")
    if last is None:
        return Finding("retention", "fresh", {"days": days})
    counts = {"conversations": last.conversations, "turns": last.turns}
    seconds = f"{last.seconds:.1f}"
    return Finding(
        "retention", "ran", {"days": days, "when": _date(last.time), "seconds": seconds, **counts}
    )


def of_erasing() -> Finding:
    """What patients and staff had erased."""
    last = numbers.last_removal("patient", "staff")
    if last is None:
        return Finding("erasing", "none")
    since = time.time() - 30 * DAY
    counts = {kind: numbers.removed_since(since, kind) for kind in ("patient", "staff")}
    return Finding("erasing", "some", {"when": _date(last.time), **counts})


def of_release(chat: Chat) -> Finding:
    """What should be live, and what the chat server answers from."""
    try:
        text = (models_folder() / "live").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return Finding("release", "none")
    # Its model, for "release" in what it says is this same file.
    release, running = text.strip()[:MAX_RELEASE], chat.text("model").removeprefix("guide-")
    case = "alone" if not running else "same" if running == release else "other"
    return Finding("release", case, {"release": release, "running": running})


def of_disk() -> Finding:
    """Where the guide keeps what it makes."""
    usage = shutil.disk_usage(var_folder())
    case = "none" if usage.free < HARDLY_ANY else "little" if usage.free < LITTLE else "enough"
    return Finding("disk", case, {"free": size(usage.free), "total": size(usage.total)})


def of_versions(chat: Chat) -> Finding:
    """For whoever asks for help."""
    try:
        rasa = version("rasa")
    except PackageNotFoundError:  # the staff site can run where the chat server does not
        rasa = "?"
    of = {"rasa": rasa, "django": django.get_version(), "python": platform.python_version()}
    return Finding("versions", "known", {**of, "content": chat.text("content") or "?"})


def _date(seconds: float) -> str:
    moment = when(seconds)
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "?"
