"""Signing in, as the sites with accounts have it, and the notices that follow."""

from __future__ import annotations

from agentgym_envs.webarena.pages.build import button, field, form, label, p
from agentgym_envs.webarena.pages.nodes import Node
from agentgym_envs.webarena.sites.site import Redirect, Visit


def noticed(path: str, notice: str) -> str:
    """Give the address of a page that begins with a notice."""
    mark = "&" if "?" in path else "?"
    return f"{path}{mark}notice={notice}"


def signed_in(visit: Visit, login: str) -> int:
    """Give the account that is signed in; others are led to the login.

    Raises:
        Redirect: to the login.
    """
    if not visit.account:
        raise Redirect(noticed(login, "sign-in"))
    return visit.account


def ask_password(
    action: str, submit: str, *, name: str = "name", title: str = "Username"
) -> Node:
    """A form with a name, a password and a button."""
    return form(
        action,
        p(label(title, name), field(name, id=name)),
        p(label("Password", "pass"), field("password", id="pass", kind="password")),
        p(button(submit)),
    )


def sign_in(visit: Visit, query: str, name: str, *, login: str, home: str) -> str:
    """Sign in the account that a query finds by a name and the password sent.

    Returns:
        Where to go: home, or back to the login with a notice.
    """
    account = visit.db.value(query, name, visit.form.get("password", ""))
    if account is None:
        return noticed(login, "login")
    visit.sign_in(account)
    return home
