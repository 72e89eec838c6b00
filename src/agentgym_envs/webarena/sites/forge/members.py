"""Who works on a project, and in which role."""

from __future__ import annotations

from agentgym_envs.webarena.pages.build import (
    Cell,
    button,
    field,
    form,
    heading,
    label,
    link,
    p,
    select,
    table,
)
from agentgym_envs.webarena.pages.nodes import Node, shorten
from agentgym_envs.webarena.sites.forge.layout import (
    forge,
    insist,
    may,
    project_of,
    within,
)
from agentgym_envs.webarena.sites.forge.seed import ROLES
from agentgym_envs.webarena.sites.signing import noticed
from agentgym_envs.webarena.sites.site import View, Visit

GIVEN = ROLES[:4]  # an owner is made, not invited


def _place(path: str) -> str:
    return f"/{path}/-/project_members"


@forge.page("/<space>/<name>/-/project_members", "project")
def members(visit: Visit, space: str, name: str) -> View:
    """Show the members."""
    project, path, *_ = project_of(visit, space, name)
    rows = visit.db.rows(
        "SELECT full, account.name, role FROM member "
        "JOIN account ON account.id = account WHERE project = ? ORDER BY member.id",
        project,
    )
    cells: list[list[Cell]] = [
        [shorten(full, 40), link(f"@{who}", f"/{who}"), role]
        for full, who, role in rows
    ]
    content: list[Node] = [table(["Account", "Username", "Max role"], cells)]
    if may(visit, project, "Maintainer"):
        roles = [(role, role) for role in GIVEN]
        content += [
            heading(2, "Invite or change a member"),
            form(
                _place(path),
                p(label("Username", "who"), field("name", id="who")),
                p(label("Select a role", "role"), select("role", roles, id="role")),
                p(
                    button("Invite", name="do", value="invite"),
                    button("Change role", name="do", value="change"),
                    button("Remove member", name="do", value="remove"),
                ),
            ),
        ]
    return within(path, "Project members", *content)


@forge.action("/<space>/<name>/-/project_members")
def change(visit: Visit, space: str, name: str) -> str:
    """Invite a member, change a role, or remove a member who is not the owner."""
    project, path, *_ = project_of(visit, space, name)
    insist(visit, project, path, "Maintainer")
    account = visit.db.value(
        "SELECT id FROM account WHERE name = ?", visit.sent("name").removeprefix("@")
    )
    if account is None:
        return noticed(_place(path), "no-user")
    role, deed = visit.sent("role"), visit.sent("do")
    held = visit.db.value(
        "SELECT role FROM member WHERE project = ? AND account = ?", project, account
    )
    if role not in GIVEN or held == "Owner":
        return noticed(_place(path), "denied")
    where = {"project": project, "account": account}
    if deed == "invite":
        if held:
            return noticed(_place(path), "member")
        visit.db.insert("member", role=role, **where)
        return noticed(_place(path), "invited")
    if not held:
        return noticed(_place(path), "no-user")
    if deed == "remove":
        visit.db.delete("member", **where)
        return noticed(_place(path), "removed")
    visit.db.update("member", where, role=role)
    return noticed(_place(path), "saved")
