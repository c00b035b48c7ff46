"""What is typed about accounts."""

from __future__ import annotations

from django import forms
from django.contrib.auth.forms import AuthenticationForm, UsernameField


class SignIn(AuthenticationForm):
    """Name and password."""

    username = UsernameField(label="Name", widget=forms.TextInput(attrs={"autofocus": True}))
    error_messages = {
        "invalid_login": "Name and password do not belong together. Capitals matter.",
        "inactive": "This account is shut. A manager can open it.",
    }
