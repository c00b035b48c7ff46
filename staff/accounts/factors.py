"""The second step of signing in: an app's six digits, or one of ten recovery codes."""

from __future__ import annotations

from base64 import b32encode
from datetime import datetime
from io import BytesIO
from typing import Any

import qrcode
import qrcode.image.svg
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django_otp import devices_for_user, verify_token
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

DIGITS, RECOVERY_CODES = 6, 10


def app_of(user: User) -> TOTPDevice | None:
    """The app that an account uses."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def waiting(user: User) -> TOTPDevice | None:
    """An app that is being set up and has not shown a code yet."""
    return TOTPDevice.objects.filter(user=user, confirmed=False).first()


@transaction.atomic
def begin(user: User) -> None:
    """A new secret; one that was never confirmed goes."""
    TOTPDevice.objects.filter(user=user, confirmed=False).delete()
    TOTPDevice.objects.create(user=user, name="app", confirmed=False)


@transaction.atomic
def confirm(user: User, code: str) -> tuple[Device, list[str]] | None:
    """Use the waiting app from now on if the code is its own: (app, ten recovery codes)."""
    device = waiting(user)
    if device is None or verify_token(user, device.persistent_id, plain(code)) is None:
        return None
    TOTPDevice.objects.filter(user=user, confirmed=True).delete()
    TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
    device.refresh_from_db()
    return device, new_codes(user)


@transaction.atomic
def new_codes(user: User) -> list[str]:
    """Ten recovery codes in place of those that an account had."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery")
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return [f"{code[:4]}-{code[4:]}" for code in codes]


def codes_left(user: User) -> int:
    """Recovery codes that were not used yet."""
    return StaticToken.objects.filter(device__user=user).count()


def check(user: User, code: str) -> Device | None:
    """The app or the list that a code belongs to; a recovery code is used up."""
    device = _meant(user, code)
    return device and verify_token(user, device.persistent_id, plain(code))


def paused_until(user: User, code: str) -> datetime | None:
    """After wrong codes the next try waits, twice as long each time."""
    device = _meant(user, code)
    allowed, why = device.verify_is_allowed() if device else (True, None)
    return None if allowed or why is None else why["locked_until"]


def seconds_until(moment: datetime) -> int:
    """Whole seconds from now, at least one."""
    return max(1, round((moment - timezone.now()).total_seconds()))


@transaction.atomic
def remove(user: User) -> None:
    """The password alone signs in again."""
    for device in devices_for_user(user, confirmed=None):
        device.delete()


def plain(code: str) -> str:
    """As people copy it: with spaces, dashes or capitals."""
    return "".join(code.split()).replace("-", "").lower()


def secret(device: TOTPDevice) -> str:
    """What to type into an app that cannot take a picture, in groups of four."""
    text = b32encode(device.bin_key).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def picture(device: TOTPDevice) -> bytes:
    """The QR code for the app, as SVG: black on white, in dark pages too."""
    made: Any = qrcode.make(
        device.config_url, image_factory=qrcode.image.svg.SvgPathFillImage, box_size=10, border=3
    )
    stream = BytesIO()
    made.save(stream)
    return stream.getvalue()


def _meant(user: User, code: str) -> Device | None:
    """Six digits are the app's, all else is a recovery code."""
    text = plain(code)
    if len(text) == DIGITS and text.isdecimal():
        return app_of(user)
    return StaticDevice.objects.filter(user=user, confirmed=True).first()
