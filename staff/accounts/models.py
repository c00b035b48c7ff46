"""The permissions of the roles; accounts themselves are Django's."""

from __future__ import annotations

from django.db import models


class Role(models.Model):
    """No table of its own: it carries the permissions that `staff.accounts.roles` asks for."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = (
            ("reader", "reads conversations and figures"),
            ("reviewer", "labels, notes and edits answers"),
            ("manager", "tries, goes live, withdraws, erases, exports, reads the audit"),
        )
