"""Log-in, log-out, password, second step; for managers all accounts."""

from __future__ import annotations

from django.urls import path

from staff.accounts import own, sign_in, users

urlpatterns = [
    path("log-in/", sign_in.log_in, name="log_in"),
    path("log-out/", sign_in.log_out, name="log_out"),
    path("second-step/", sign_in.second_factor, name="second_factor"),
    path("", own.account, name="account"),
    path("password/", own.password, name="password"),
    path("app/", own.two_factor, name="two_factor"),
    path("app/begin/", own.begin_app, name="begin_app"),
    path("app/off/", own.two_factor_off, name="two_factor_off"),
    path("codes/", own.recovery_codes, name="recovery_codes"),
    path("codes/new/", own.new_codes, name="new_codes"),
    path("users/", users.users, name="users"),
    path("users/<int:number>/role/", users.give_role, name="give_role"),
    path("users/<int:number>/shut/", users.shut, name="shut_account"),
    path("users/<int:number>/open/", users.reopen, name="open_account"),
    path("users/<int:number>/reset/", users.reset_factor, name="reset_factor"),
]
