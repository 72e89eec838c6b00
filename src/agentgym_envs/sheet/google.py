"""Google's side of a live sheet: a patient client, and its records as ours.

Only to be imported where gspread is.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import gspread
import requests
from google.auth.exceptions import GoogleAuthError, TransportError
from google.oauth2.service_account import Credentials
from requests.exceptions import (
    ConnectionError as RequestsConnectionError,
)
from requests.exceptions import (
    ConnectTimeout,
    ContentDecodingError,
    ProxyError,
    RequestException,
    SSLError,
    Timeout,
)
from urllib3.exceptions import NewConnectionError

from agentgym_envs.errors import BadOption
from agentgym_envs.sheet.cells import EMPTY, FORMATS, GENERAL, TEXT, Cell, Value, read
from agentgym_envs.sheet.grid import Sheet, rectangle
from agentgym_envs.tools.patience import NoReply, Patience, Reply, too_slow

SCOPES = (
    "https://www.googleapis.com/auth/spreadsheets",
    "https://www.googleapis.com/auth/drive",
)
HOSTS = ("https://sheets.googleapis.com", "https://www.googleapis.com")
CHUNK = 65_536  # bytes
# What a look at a sheet asks for.
FIELDS = (
    "sheets(properties(sheetId,gridProperties),merges,data(rowData(values("
    "formattedValue,effectiveValue,userEnteredValue,userEnteredFormat(numberFormat),"
    "note))))"
)

Record = Mapping[str, Any]


def read_credentials(path: object) -> Credentials:
    """Read the file of a service account.

    Raises:
        BadOption: if it is none; the message names the file and nothing in it.
    """
    if not isinstance(path, str) or not Path(path).is_file():
        raise BadOption(f"there is no file of a service account at {path!r:.200}")
    try:
        read_file: Any = Credentials.from_service_account_file
        credentials: Credentials = read_file(path, scopes=SCOPES)
        return credentials
    except (
        ValueError,
        TypeError,
        LookupError,
        AttributeError,
        OSError,
        GoogleAuthError,
    ):
        raise BadOption(f"{path} is not the JSON file of a service account") from None


class PatientClient(gspread.HTTPClient):
    """gspread's client of HTTP, which repeats, times and measures what it sends.

    Requests with which no try succeeds raise `patience.GaveUp`.
    """

    patience = Patience()
    base_url: str | None = None
    """Where all hosts of Google's are instead; None for themselves."""
    is_repeatable = False
    """Whether the next POST does no harm twice."""

    def request(
        self,
        method: str,
        endpoint: str,
        params: Any = None,
        data: Any = None,
        json: Any = None,
        files: Any = None,
        headers: Any = None,
    ) -> requests.Response:
        """Send a request until it is answered; see gspread."""
        url = endpoint
        for host in HOSTS:
            if self.base_url is not None and url.startswith(host):
                url = self.base_url + url.removeprefix(host)
        reply = self.patience.insist(
            lambda: self._try(method, url, params=params, json=json),
            is_repeatable=method.lower() != "post" or self.is_repeatable,
        )
        response = requests.Response()
        response.status_code = reply.status
        response.headers.update(reply.headers)
        response._content = reply.content
        response.encoding = "utf-8"
        if not response.ok:
            raise gspread.exceptions.APIError(response)
        return response

    def _try(self, method: str, url: str, **what: Any) -> Reply:
        limit = self.patience.timeout
        deadline = time.monotonic() + limit
        try:
            with self.session.request(
                method, url, timeout=limit, stream=True, allow_redirects=False, **what
            ) as response:
                content = bytearray()
                for piece in response.iter_content(CHUNK):
                    content += piece
                    self.patience.check(len(content), deadline)
                names = {name.lower(): v for name, v in response.headers.items()}
                return Reply(response.status_code, names, bytes(content))
        except (ConnectTimeout, ProxyError, SSLError):
            raise NoReply("can't be reached", may_have_arrived=False) from None
        except Timeout:
            raise NoReply(too_slow(limit)) from None
        except ContentDecodingError:
            raise NoReply("gave an answer that can't be unpacked") from None
        except RequestsConnectionError as error:
            cause = getattr(error.args[0] if error.args else None, "reason", None)
            if isinstance(cause, NewConnectionError):
                raise NoReply("can't be reached", may_have_arrived=False) from None
            raise NoReply("dropped the connection") from None
        except RequestException:
            raise NoReply("dropped the connection") from None
        except TransportError:
            raise NoReply(
                "can't be reached for signing in", may_have_arrived=False
            ) from None
        except GoogleAuthError:
            raise NoReply(
                "does not accept the service account",
                may_have_arrived=False,
                is_final=True,
            ) from None


def sheet_of(record: Record, height: int, width: int) -> tuple[Sheet, list[list[str]]]:
    """Give a sheet as the service tells it, and what a user sees in its cells.

    Raises:
        TypeError, ValueError, LookupError, AttributeError: if the record is none.
    """
    grid = record["properties"]["gridProperties"]
    cells: list[list[Cell]] = []
    shown: list[list[str]] = []
    for part in record.get("data", ()):
        for row in part.get("rowData", ()):
            values = row.get("values", ())
            cells.append([_cell(value) for value in values])
            shown.append([_text(value) for value in values])
    rows = rectangle(cells)
    columns = len(rows[0]) if rows else 0
    texts = [
        [*line[:columns], *[""] * (columns - len(line))] for line in shown[: len(rows)]
    ]
    merges = [
        (
            area.get("startRowIndex", 0),
            area.get("startColumnIndex", 0),
            area.get("endRowIndex", height) - 1,
            area.get("endColumnIndex", width) - 1,
        )
        for area in record.get("merges", ())
    ]
    frozen = grid.get("frozenRowCount", 0), grid.get("frozenColumnCount", 0)
    sheet = Sheet(
        rows, int(grid["rowCount"]), int(grid["columnCount"]), sorted(merges), frozen
    )
    return sheet, texts


def _text(value: Record) -> str:
    text = value.get("formattedValue", "")
    if not isinstance(text, str):
        raise TypeError("a text that is none")
    return text


def _cell(value: Record) -> Cell:
    entered = value.get("userEnteredValue", {})
    number_format = _format(value.get("userEnteredFormat", {}).get("numberFormat", {}))
    formula = entered.get("formulaValue", "")
    note = value.get("note", "")
    if not isinstance(note, str) or not isinstance(formula, str):
        raise TypeError("a note or a formula that is none")
    kept = None if formula else _value(entered)
    return Cell(kept, number_format, note, formula.removeprefix("="))


def _value(value: Record) -> Value:
    if "numberValue" in value:
        return float(value["numberValue"])
    if "boolValue" in value:
        return bool(value["boolValue"])
    text = value.get("stringValue")
    if text is not None and not isinstance(text, str):
        raise TypeError("a text that is none")
    return text


def _format(record: Record) -> str:
    if record.get("type") == "TEXT":
        return TEXT
    pattern = record.get("pattern", GENERAL)
    return pattern if pattern in FORMATS else GENERAL


def cell_data(cell: Cell) -> dict[str, Any]:
    """A cell as the service takes it."""
    data: dict[str, Any] = {}
    if cell.formula:
        data["userEnteredValue"] = {"formulaValue": f"={cell.formula}"}
    elif cell.value is not None:
        data["userEnteredValue"] = value_data(cell.value)
    if cell.format == TEXT:
        data["userEnteredFormat"] = {"numberFormat": {"type": "TEXT", "pattern": TEXT}}
    elif cell.format != GENERAL:
        kind = "PERCENT" if "%" in cell.format else "NUMBER"
        data["userEnteredFormat"] = {
            "numberFormat": {"type": kind, "pattern": cell.format}
        }
    if cell.note:
        data["note"] = cell.note
    return data


def value_data(value: Value) -> dict[str, Any]:
    """A value as the service takes it, as it is."""
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, str):
        return {"stringValue": value}
    return {} if value is None else {"numberValue": value}


def filling(sheet: Sheet, number: int) -> list[dict[str, Any]]:
    """The requests that bring a blank sheet into the state of one of ours."""
    requests_: list[dict[str, Any]] = []
    if any(text != EMPTY for row in sheet.rows for text in row):
        rows = [
            {"values": [cell_data(read(text)) for text in row]} for row in sheet.rows
        ]
        requests_.append(
            {
                "updateCells": {
                    "rows": rows,
                    "fields": "userEnteredValue,userEnteredFormat.numberFormat,note",
                    "start": {"sheetId": number, "rowIndex": 0, "columnIndex": 0},
                }
            }
        )
    for top, left, bottom, right in sheet.merges:
        area = area_of(number, top, left, bottom, right)
        requests_.append({"mergeCells": {"range": area, "mergeType": "MERGE_ALL"}})
    return requests_


def area_of(
    number: int, top: int, left: int, bottom: int, right: int
) -> dict[str, int]:
    """An area with its first and last row and column, as the service takes it."""
    return {
        "sheetId": number,
        "startRowIndex": top,
        "endRowIndex": bottom + 1,
        "startColumnIndex": left,
        "endColumnIndex": right + 1,
    }


def lines_of(number: int, axis: int, first: int, count: int) -> dict[str, Any]:
    """Some rows or columns, as the service takes them."""
    return {
        "sheetId": number,
        "dimension": ("ROWS", "COLUMNS")[axis],
        "startIndex": first,
        "endIndex": first + count,
    }


def quoted(name: str) -> str:
    """The name of a sheet in an address."""
    doubled = name.replace("'", "''")
    return f"'{doubled}'"


def rows_data(lines: Sequence[Sequence[Value]], axis: int) -> list[dict[str, Any]]:
    """Rows, or columns, of values as the service takes them: by rows."""
    if axis == 1:
        longest = max(map(len, lines))
        padded = [[*line, *[None] * (longest - len(line))] for line in lines]
        lines = list(zip(*padded, strict=True))
    return [
        {"values": [{"userEnteredValue": value_data(v)} for v in line]}
        for line in lines
    ]
