"""The real spreadsheet service: Google Sheets, by gspread.

An episode gets a spreadsheet of its own, filled from its item, which is deleted when it
is over. What a tool changes is one request, and one more looks at the sheet after it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import finalize

from agentgym_envs.errors import BadOption, MissingExtra, MissingKey, ServiceUnavailable
from agentgym_envs.sheet.cells import Value, address
from agentgym_envs.sheet.engine import Book, EmbeddedBooks, SheetState
from agentgym_envs.sheet.grid import Merge, ServiceError, Sheet, filled_merges
from agentgym_envs.tasks import Task
from agentgym_envs.tools.patience import GaveUp, Patience
from agentgym_envs.tools.toolbox import ToolFailure
from agentgym_envs.tools.web import EXTRA, check_url, failure

if TYPE_CHECKING:
    from collections.abc import Iterator

    import gspread

NAME = "Google Sheets"
VARIABLE = "SHEET_CREDENTIALS"
EMAIL_VARIABLE = "SHEET_EMAIL"
FOLDER_VARIABLE = "SHEET_FOLDER"
TITLE = "agentgym {}"
SCRATCH = "agentgym scratch"
SCRATCH_ROWS = 1000
NOT_FOUND = 404
NOTHING = "Nothing changed"
UNSURE = "It is not known whether anything changed; look before you go on"
UNSEEN = "The last change was made, but the sheet can't be shown"
NONSENSE = "gave an answer that makes no sense"

T = TypeVar("T")


class GoogleBooks(EmbeddedBooks):
    """A Google spreadsheet for each episode.

    Args:
        key: The path of a service account's JSON file; by default that of the
            environment variable ``SHEET_CREDENTIALS``.
        email: Whom the spreadsheets are shared with; by default the environment
            variable ``SHEET_EMAIL``, or nobody.
        folder: The id of the Drive folder that they are made in; by default the
            environment variable ``SHEET_FOLDER``, or the account's own.
        base_url: Where the interfaces are instead of at Google's hosts.
        patience: How long and how often they are asked. What would have another effect
            if it were done twice, as inserting rows, is asked for again only if it
            can't have been done.
        leaves_stray_column: As for `EmbeddedBooks`.

    Raises:
        MissingKey: if there is no credentials file named.
        BadOption: if it is none, and for other values that make no sense.
        MissingExtra: if gspread is not installed.
    """

    holder = NAME

    def __init__(
        self,
        *,
        key: str | None = None,
        email: str | None = None,
        folder: str | None = None,
        base_url: str | None = None,
        patience: Patience | None = None,
        leaves_stray_column: bool = False,
    ) -> None:
        super().__init__(leaves_stray_column=leaves_stray_column)
        self._path = key or os.environ.get(VARIABLE)
        if not self._path:
            raise MissingKey(
                f"{NAME} needs the file of a service account: set the environment "
                f"variable {VARIABLE} to its path, or pass key=..."
            )
        self._email = email or os.environ.get(EMAIL_VARIABLE)
        self._folder = folder or os.environ.get(FOLDER_VARIABLE)
        for name, value in (("email", self._email), ("folder", self._folder)):
            if value is not None and not isinstance(value, str):
                raise BadOption(f"{name} must be a str, not {value!r:.80}")
        self._base_url = None if base_url is None else check_url(base_url)
        self._patience = patience or Patience()
        self._client = _open(self._path, self._base_url, self._patience)
        self._file: gspread.Spreadsheet | None = None
        self._leave: Callable[[], object] = _nothing
        self._texts: list[list[str]] = []
        # Whether `_texts` and the state show the open sheet as it is.
        self._is_seen = False
        self._scratched = 0

    def __reduce__(self) -> Any:
        return _again, (self._path, self._email, self._folder, self._base_url)

    def __deepcopy__(self, memo: dict[int, Any]) -> GoogleBooks:
        return GoogleBooks(
            key=self._path,
            email=self._email,
            folder=self._folder,
            base_url=self._base_url,
            patience=self._patience,
            leaves_stray_column=self.leaves_stray_column,
        )

    def start(self, task: Task) -> SheetState:
        """Make a spreadsheet of an item, and delete the last one.

        Raises:
            ServiceUnavailable: if that fails; then the last one is left as it is.
        """
        book: Book = task.payload["book"]
        try:
            file, leave = self._made(TITLE.format(task.id), book)
        except (ToolFailure, ServiceError) as error:
            raise ServiceUnavailable(f"no episode can begin: {error}") from None
        old, self._leave = self._leave, leave
        self._file, self.book = file, book
        self._is_seen, self._scratched = False, 0
        old()
        return SheetState()

    def _made(
        self, title: str, book: Book
    ) -> tuple[gspread.Spreadsheet, Callable[[], object]]:
        with self._told(UNSURE):
            number = self._new_file(title)
        # Also when nobody closes the environment.
        leave = finalize(self, _delete, self._client, number)
        try:
            with self._told(NOTHING):
                file = self._client.open_by_key(number)
                first = file.fetch_sheet_metadata()["sheets"][0]["properties"]
                scratch = int(first["sheetId"])
            self._batch(file, _layout(book, scratch), is_repeatable=False)
            if self._email:
                with self._told(UNSURE):
                    file.share(self._email, "user", "writer", notify=False)
        except (ToolFailure, ServiceError):
            leave()
            raise
        return file, leave

    def _new_file(self, title: str) -> str:
        """Make a blank spreadsheet; give its id, by which it can be deleted again."""
        # gspread's own way loses the id if the look that follows fails.
        from gspread.urls import DRIVE_FILES_API_V3_URL
        from gspread.utils import MimeType

        what: dict[str, Any] = {"name": title, "mimeType": MimeType.google_sheets}
        if self._folder:
            what["parents"] = [self._folder]
        answer = self._client.http_client.request(
            "post",
            DRIVE_FILES_API_V3_URL,
            json=what,
            params={"supportsAllDrives": True},
        )
        return str(answer.json()["id"])

    def close(self) -> None:
        """Delete the episode's spreadsheet, and close all connections."""
        self._leave()
        self._leave, self._file = _nothing, None
        self._client.http_client.session.close()

    # What is read

    def open(self, state: SheetState, name: object) -> int | None:
        """Open a sheet by its name; give its number, or None if there is none."""
        names = self.book.names
        if not isinstance(name, str) or name not in names:
            return None
        number = names.index(name)
        sheet, texts = self._looked_at(number, NOTHING)
        self._texts, self._is_seen = texts, True
        state.opened, state.sheets[number] = number, sheet
        return number

    def sheet(self, state: SheetState) -> Sheet:
        """The open sheet, only to be read."""
        opened = super().sheet(state)
        if self._is_seen:
            return opened
        number = state.opened
        state.sheets[number], self._texts = self._looked_at(number, UNSEEN)
        self._is_seen = True
        return state.sheets[number]

    def texts(self, state: SheetState) -> list[list[str]]:
        """What a user sees in each cell, at least up to the size of the table."""
        self.sheet(state)
        return [row[:] for row in self._texts]

    def table(self, state: SheetState) -> list[list[str]]:
        """What a user sees of the open sheet, merged areas filled with their value."""
        return filled_merges(self.texts(state), self.sheet(state).merges)

    def size(self, state: SheetState) -> tuple[int, int]:
        """How many rows and columns the table has."""
        table = self.table(state)
        return len(table), len(table[0]) if table else 0

    def shown(self, state: SheetState, row: int, column: int) -> str:
        """What a user sees in a cell."""
        texts = self.texts(state)
        return texts[row][column] if row < len(texts) and column < len(texts[0]) else ""

    def work_out(self, state: SheetState, operator: str, areas: Sequence[str]) -> str:
        """What a formula would show; it is written on a sheet that nobody sees."""
        sheet = self.book.names[state.opened]
        google = _google()
        inside = ",".join(f"{google.quoted(sheet)}!{area}" for area in areas)
        row = self._scratched % SCRATCH_ROWS
        self._scratched += 1
        with self._told(NOTHING):
            answer = self._spreadsheet.values_update(
                f"{google.quoted(SCRATCH)}!{address(row, 0)}",
                params={
                    "valueInputOption": "USER_ENTERED",
                    "includeValuesInResponse": True,
                    "responseValueRenderOption": "FORMATTED_VALUE",
                },
                body={"values": [[f"={operator}({inside})"]]},
            )
            return str(answer["updatedData"]["values"][0][0])

    # What is changed

    def freeze(self, state: SheetState, axis: int, count: int) -> None:
        """Freeze the first rows or columns."""
        name = ("frozenRowCount", "frozenColumnCount")[axis]
        properties = {"sheetId": self._id(state), "gridProperties": {name: count}}
        self._change(
            {
                "updateSheetProperties": {
                    "properties": properties,
                    "fields": f"gridProperties.{name}",
                }
            }
        )

    def insert(
        self, state: SheetState, axis: int, at: int, lines: Sequence[Sequence[Value]]
    ) -> None:
        """Insert rows or columns with values, and let the grid grow as they need it."""
        google, number, sheet = _google(), self._id(state), self.sheet(state)
        place = google.lines_of(number, axis, at, len(lines))
        # At the end, the one before is the model; elsewhere the one after.
        after = at > 0 and at >= self.size(state)[axis]
        requests: list[dict[str, Any]] = [
            {"insertDimension": {"range": place, "inheritFromBefore": after}}
        ]
        missing = max(map(len, lines)) - (sheet.width, sheet.height)[axis]
        if missing > 0:
            requests.append(
                {
                    "appendDimension": {
                        "sheetId": number,
                        "dimension": ("COLUMNS", "ROWS")[axis],
                        "length": missing,
                    }
                }
            )
        start = {"rowIndex": (at, 0)[axis], "columnIndex": (0, at)[axis]}
        requests.append(
            {
                "updateCells": {
                    "rows": google.rows_data(lines, axis),
                    "fields": "userEnteredValue",
                    "start": {"sheetId": number, **start},
                }
            }
        )
        self._change(*requests, is_repeatable=False)

    def delete(self, state: SheetState, axis: int, places: Sequence[int]) -> None:
        """Delete rows or columns, one after the other."""
        number, google = self._id(state), _google()
        self._change(
            *(
                {"deleteDimension": {"range": google.lines_of(number, axis, at, 1)}}
                for at in places
            ),
            is_repeatable=False,
        )

    def enter(self, state: SheetState, row: int, column: int, value: Value) -> None:
        """Type something into a cell; what begins with ``=`` is a formula."""
        self._values(state, row, column, [[value]], "USER_ENTERED")

    def write(
        self, state: SheetState, top: int, left: int, rows: Sequence[Sequence[Value]]
    ) -> None:
        """Write values as they are; None leaves a cell, and no text clears it."""
        self._values(state, top, left, rows, "RAW")

    def sort(self, state: SheetState, column: int, *, descending: bool) -> None:
        """Sort the rows that are not frozen."""
        sheet = self.sheet(state)
        area = _google().area_of(
            self._id(state), sheet.frozen[0], 0, sheet.height - 1, sheet.width - 1
        )
        order = "DESCENDING" if descending else "ASCENDING"
        specs = [{"dimensionIndex": column, "sortOrder": order}]
        self._change({"sortRange": {"range": area, "sortSpecs": specs}})

    def merge(self, state: SheetState, area: Merge) -> None:
        """Merge an area into one cell."""
        where = _google().area_of(self._id(state), *area)
        self._change({"mergeCells": {"range": where, "mergeType": "MERGE_ALL"}})

    def write_note(
        self, state: SheetState, row: int, column: int, content: str
    ) -> None:
        """Write the note of a cell."""
        where = _google().area_of(self._id(state), row, column, row, column)
        rows = [{"values": [{"note": content}]}]
        self._change({"updateCells": {"rows": rows, "fields": "note", "range": where}})

    # How it is asked

    @property
    def _spreadsheet(self) -> gspread.Spreadsheet:
        if self._file is None:
            raise failure(NAME, "has no spreadsheet of this episode any more", NOTHING)
        return self._file

    def _id(self, state: SheetState) -> int:
        """The service's id of the open sheet."""
        self.sheet(state)
        return _sheet_id(state.opened)

    def _looked_at(self, number: int, changed: str) -> tuple[Sheet, list[list[str]]]:
        """The sheet of a number, as it is now, and what a user sees in its cells."""
        google = _google()
        name = self.book.names[number]
        params = {
            "ranges": google.quoted(name),
            "includeGridData": "true",
            "fields": google.FIELDS,
        }
        with self._told(changed), _refusals_told(changed):
            answer = self._spreadsheet.fetch_sheet_metadata(params)
            record = answer["sheets"][0]
            if record["properties"]["sheetId"] != _sheet_id(number):
                raise ValueError("this is another sheet")
            grid = record["properties"]["gridProperties"]
            sheet, texts = google.sheet_of(
                record, grid["rowCount"], grid["columnCount"]
            )
            return sheet, texts

    def _values(
        self,
        state: SheetState,
        top: int,
        left: int,
        rows: Sequence[Sequence[Value]],
        option: str,
    ) -> None:
        self._id(state)
        name = _google().quoted(self.name(state))
        last = top + len(rows) - 1, left + max(map(len, rows), default=1) - 1
        if not rows or last[1] < left:
            return
        where = f"{name}!{address(top, left)}:{address(*last)}"
        self._is_seen = False
        with self._told(UNSURE):
            _check(
                self._spreadsheet.values_update(
                    where,
                    params={"valueInputOption": option},
                    body={"values": [list(row) for row in rows]},
                )
            )

    def _change(self, *requests: dict[str, Any], is_repeatable: bool = True) -> None:
        """Change something of the open sheet; all of it or nothing."""
        self._is_seen = False
        self._batch(self._spreadsheet, list(requests), is_repeatable=is_repeatable)

    def _batch(
        self,
        file: gspread.Spreadsheet,
        requests: list[dict[str, Any]],
        *,
        is_repeatable: bool,
    ) -> None:
        client: Any = self._client.http_client
        with self._told(UNSURE):
            client.is_repeatable = is_repeatable
            try:
                _check(file.batch_update({"requests": requests}))
            finally:
                client.is_repeatable = False

    @contextmanager
    def _told(self, changed: str) -> Iterator[None]:
        """Turn failures into what an agent reads.

        Args:
            changed: What is known of a change if the answer gets lost.

        Raises:
            ServiceError: for what the service refuses.
            ServiceFailure: if there is no answer, or none that makes sense.
        """
        from gspread.exceptions import APIError, GSpreadException

        try:
            yield
        except GaveUp as error:
            if changed == UNSURE and not error.may_have_arrived:
                changed = NOTHING
            raise failure(NAME, str(error), changed) from None
        except APIError as error:
            raise _refusal(error, changed) from None
        except PermissionError:
            raise ServiceError(f"{NAME} does not permit this") from None
        except (
            GSpreadException,
            TypeError,
            ValueError,
            LookupError,
            AttributeError,
            RecursionError,
        ):
            # Whatever the library makes of an answer that is none.
            raise failure(NAME, NONSENSE, changed) from None


@contextmanager
def _refusals_told(changed: str) -> Iterator[None]:
    """Turn the refusal of a look into a failure, since a look is never wrong."""
    from gspread.exceptions import APIError

    try:
        yield
    except APIError as error:
        reason = f"refuses to show the sheet (status {error.code})"
        raise failure(NAME, reason, changed) from None


def _refusal(error: gspread.exceptions.APIError, changed: str) -> Exception:
    told = error.error
    message, status = told.get("message"), told.get("status")
    if error.code == -1 or not isinstance(message, str):
        return failure(NAME, NONSENSE, changed)
    return ServiceError(message[:2000], code=error.code, status=str(status)[:80])


def _check(answer: object) -> None:
    """See whether this is an answer to a change."""
    if not isinstance(answer, dict) or "spreadsheetId" not in answer:
        raise TypeError("this is no answer to a change")


def _sheet_id(number: int) -> int:
    return number + 1001


def _layout(book: Book, scratch: int) -> list[dict[str, Any]]:
    """The requests that fill a new spreadsheet, whose only sheet is for scratching."""
    google = _google()
    requests: list[dict[str, Any]] = [
        {
            "updateSheetProperties": {
                "properties": {"sheetId": scratch, "title": SCRATCH},
                "fields": "title",
            }
        }
    ]
    for number, (name, sheet) in enumerate(zip(book.names, book.sheets, strict=True)):
        grid = {
            "rowCount": sheet.height,
            "columnCount": sheet.width,
            "frozenRowCount": sheet.frozen[0],
            "frozenColumnCount": sheet.frozen[1],
        }
        properties = {
            "sheetId": _sheet_id(number),
            "title": name,
            "index": number,
            "gridProperties": grid,
        }
        requests.append({"addSheet": {"properties": properties}})
        requests += google.filling(sheet, _sheet_id(number))
    hidden = {"sheetId": scratch, "hidden": True}
    requests.append(
        {"updateSheetProperties": {"properties": hidden, "fields": "hidden"}}
    )
    return requests


def _google() -> Any:
    """Everything that needs gspread.

    Raises:
        MissingExtra: if it is not installed.
    """
    try:
        from agentgym_envs.sheet import google
    except ImportError:
        raise MissingExtra(EXTRA, "gspread") from None
    return google


def _open(path: str, base_url: str | None, patience: Patience) -> gspread.Client:
    google = _google()
    client: gspread.Client = google.gspread.Client(
        google.read_credentials(path), http_client=google.PatientClient
    )
    http: Any = client.http_client
    http.patience, http.base_url = patience, base_url
    return client


def _again(
    path: str, email: str | None, folder: str | None, base_url: str | None
) -> GoogleBooks:
    return GoogleBooks(key=path, email=email, folder=folder, base_url=base_url)


def _nothing() -> None:
    """Leave nothing behind, because there was nothing."""


def _delete(client: gspread.Client, file: str) -> None:
    """Delete a spreadsheet, if the service does so."""
    from gspread.exceptions import GSpreadException

    try:
        client.del_spreadsheet(file)
    except (GaveUp, GSpreadException):
        # Nobody is there to be told; it can be deleted by hand.
        return
