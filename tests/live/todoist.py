"""Todoist on this machine: projects and tasks, by version 1 of its interface."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from loopback import Answer, Loopback

TOKEN = "todoist-token-of-somebody"
MOMENT = "2025-01-02T03:04:05.678901Z"
PAGE = 3  # records of one answer, so that there are several pages


@dataclass
class TodoistService(Loopback):
    projects: dict[str, dict[str, Any]] = field(default_factory=dict)
    tasks: dict[str, dict[str, Any]] = field(default_factory=dict)
    seen: dict[str, Answer] = field(default_factory=dict)
    """What the requests came to that changed something, by their ids."""
    made: int = 0
    room: int = 300
    """How many projects the account may have."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._add_project({"name": "Inbox"}, inbox=True)
        mine = self._add_project({"name": "Homework"})
        self._add_task({"content": "somebody's own", "project_id": mine["id"]})

    def answer(self, asked):
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return Answer(401, {"error": "Unauthorized", "error_code": 401})
        request_id = asked.headers["x-request-id"]
        if asked.method == "GET":
            return self._told(asked)
        if request_id not in self.seen:
            self.seen[request_id] = self._done(asked)
        return self.seen[request_id]

    def _told(self, asked):
        match asked.path.split("/")[3:]:
            case ["projects"]:
                return self._page(list(self.projects.values()), asked.query)
            case ["tasks"]:
                wanted = asked.query.get("project_id")
                if wanted is not None and wanted not in self.projects:
                    return missing("Project")
                found = [
                    task
                    for task in self.tasks.values()
                    if not task["checked"] and wanted in (None, task["project_id"])
                ]
                return self._page(found, asked.query)
            case ["tasks", number] if number in self.tasks:
                return Answer(200, self.tasks[number])
        return missing("Task")

    def _page(self, records, query):
        first = int(query.get("cursor", "0"))
        last = first + min(PAGE, int(query["limit"]))
        cursor = str(last) if last < len(records) else None
        return Answer(200, {"results": records[first:last], "next_cursor": cursor})

    def _done(self, asked):
        match asked.method, asked.path.split("/")[3:]:
            case "POST", ["projects"]:
                if len(self.projects) >= self.room:
                    return Answer(403, {"error": "Maximum number of projects reached"})
                return Answer(200, self._add_project(asked.body))
            case "POST", ["tasks"]:
                return Answer(200, self._add_task(asked.body))
            case "POST", ["projects", number] if number in self.projects:
                self.projects[number] |= asked.body
                return Answer(200, self.projects[number])
            case "POST", ["tasks", number] if number in self.tasks:
                self.tasks[number]["due"] = due(asked.body["due_date"])
                return Answer(200, self.tasks[number])
            case "POST", ["tasks", number, "close"] if number in self.tasks:
                self.tasks[number] |= {"checked": True, "completed_at": MOMENT}
                return Answer(204)
            case "DELETE", ["tasks", number] if number in self.tasks:
                del self.tasks[number]
                return Answer(204)
            case "DELETE", ["projects", number] if number in self.projects:
                del self.projects[number]
                for task in [
                    t for t in self.tasks.values() if t["project_id"] == number
                ]:
                    del self.tasks[task["id"]]
                return Answer(204)
        return missing("Task")

    def _id(self) -> str:
        self.made += 1
        return f"6X7rM{self.made:05d}Qmvh"

    def _add_project(self, body, *, inbox=False):
        number = self._id()
        self.projects[number] = {
            "id": number,
            "can_assign_tasks": False,
            "child_order": len(self.projects),
            "color": body.get("color", "grey"),
            "creator_uid": "1",
            "created_at": MOMENT,
            "is_archived": False,
            "is_deleted": False,
            "is_favorite": body.get("is_favorite", False),
            "is_frozen": False,
            "name": body["name"],
            "updated_at": MOMENT,
            "view_style": "list",
            "default_order": 0,
            "description": "",
            "public_key": "",
            "parent_id": None,
            "inbox_project": inbox,
            "is_collapsed": False,
            "is_shared": False,
        }
        return self.projects[number]

    def _add_task(self, body):
        number = self._id()
        project = body["project_id"]
        others = [t for t in self.tasks.values() if t["project_id"] == project]
        length = None
        if "duration" in body:
            length = {"amount": body["duration"], "unit": body["duration_unit"]}
        self.tasks[number] = {
            "user_id": "1",
            "id": number,
            "project_id": project,
            "section_id": None,
            "parent_id": None,
            "added_by_uid": "1",
            "assigned_by_uid": None,
            "responsible_uid": None,
            "labels": [],
            "deadline": None,
            "duration": length,
            "is_collapsed": False,
            "checked": False,
            "is_deleted": False,
            "added_at": MOMENT,
            "completed_at": None,
            "completed_by_uid": None,
            "updated_at": MOMENT,
            "due": due(body["due_date"]) if "due_date" in body else None,
            "priority": body.get("priority", 1),
            "child_order": len(others) + 1,
            "content": body["content"],
            "description": body.get("description", ""),
            "note_count": 0,
            "day_order": -1,
        }
        return self.tasks[number]


def due(day):
    return {
        "date": day,
        "timezone": None,
        "string": day,
        "lang": "en",
        "is_recurring": False,
    }


def missing(what):
    return Answer(404, {"error": f"{what} not found", "error_code": 478})
