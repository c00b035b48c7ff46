"""Log-in, log-out, password, second factor."""

from __future__ import annotations

from django.contrib.auth import views as auth
from django.urls import path

from staff.accounts.forms import SignIn

sign_in = auth.LoginView.as_view(template_name="accounts/log_in.html", authentication_form=SignIn)
urlpatterns = [
    path("log-in/", sign_in, name="log_in"),
    path("log-out/", auth.LogoutView.as_view(next_page="log_in"), name="log_out"),
]
