"""What is typed about accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from staff.accounts import factors
from staff.accounts.roles import ROLES

LONGEST_CODE = 20


class SignIn(AuthenticationForm):
    """Name and password."""

    username = UsernameField(label="Name", widget=forms.TextInput(attrs={"autofocus": True}))
    error_messages = {
        "invalid_login": "Name and password do not belong together. Capitals matter.",
    }


class Code(forms.Form):
    """A code of the app or a recovery code. `device` is what it belongs to, once valid."""

    code = forms.CharField(
        label="Code",
        max_length=LONGEST_CODE,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "autocapitalize": "off"}
        ),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user
        self.device: Any = None
        self.tried = False  # not while the next try waits

    def clean_code(self) -> str:
        """Raises ValidationError for a wrong one, and while the next try waits."""
        code = str(self.cleaned_data["code"])
        pause = factors.paused_until(self._user, code)
        if pause is None:
            self.tried = True
            self.device = factors.check(self._user, code)
        if self.device is None:
            pause = factors.paused_until(self._user, code)
            wait = f" Wait {factors.seconds_until(pause)} seconds, then try again." if pause else ""
            raise ValidationError(f"This code is wrong or was used already.{wait}")
        return code


class NewApp(forms.Form):
    """The first code of an app that is set up."""

    code = forms.CharField(
        label="The six digits that the app shows",
        max_length=LONGEST_CODE,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def refuse(self) -> None:
        """Say that it was not the app's."""
        self.add_error("code", "This is not what the app shows now. Is the phone's clock right?")


class OwnPassword(forms.Form):
    """The account's own password, asked before something is made less safe."""

    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user

    def clean_password(self) -> str:
        """Raises ValidationError for a wrong one."""
        if not self._user.check_password(self.cleaned_data["password"]):
            raise ValidationError("This is not your password.")
        return ""


class Role(forms.Form):
    """A role for an account."""

    role = forms.ChoiceField(choices=[(role, role) for role in ROLES])
