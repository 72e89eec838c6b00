# ruff: noqa: E501
"""Google's sign-in, Drive and Sheets on this machine, on the embedded grid."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from loopback import Answer, Loopback

from agentgym_envs.sheet.cells import Cell, entered, position, read, shown
from agentgym_envs.sheet.grammar import FormulaError, parse
from agentgym_envs.sheet.grid import ServiceError, Sheet, Values

ACCESS = "an-access-token"
_RANGE = re.compile(r"'((?:[^']|'')+)'!([A-Z]+[0-9]+)(?::([A-Z]+[0-9]+))?")


@dataclass
class File:
    title: str
    sheets: dict[int, Sheet]
    names: dict[int, str]
    readers: list[str] = field(default_factory=list)

    def copy(self) -> File:
        sheets = {number: sheet.copy() for number, sheet in self.sheets.items()}
        return File(self.title, sheets, dict(self.names), self.readers)


@dataclass
class GoogleService(Loopback):
    files: dict[str, File] = field(default_factory=dict)
    made: int = 0
    room: int = 100

    def answer(self, asked):
        if asked.path == "/token":
            if "assertion" not in asked.body:
                return Answer(400, {"error": "invalid_grant"})
            return Answer(200, {"access_token": ACCESS, "expires_in": 3600})
        if asked.headers.get("authorization") != f"Bearer {ACCESS}":
            return refused("Request had invalid credentials.", 401, "UNAUTHENTICATED")
        parts = asked.path.split("/")
        if parts[1:4] == ["drive", "v3", "files"]:
            return self._drive(asked, parts[4:])
        assert parts[1:3] == ["v4", "spreadsheets"], asked.path
        number, _, action = parts[3].partition(":")
        if number not in self.files:
            return refused("Requested entity was not found.", 404, "NOT_FOUND")
        file = self.files[number]
        try:
            match asked.method, action, parts[4:]:
                case "GET", "", []:
                    return Answer(200, self._told(number, file, asked.query))
                case "POST", "batchUpdate", []:
                    work = file.copy()  # all or nothing
                    for request in asked.body["requests"]:
                        ((kind, what),) = request.items()
                        DO[kind](work, what)
                    self.files[number] = work
                    replies = [{} for _ in asked.body["requests"]]
                    return Answer(200, {"spreadsheetId": number, "replies": replies})
                case "PUT", "", ["values", where]:
                    return Answer(200, put_values(file, where, asked))
        except ServiceError as error:
            return refused(str(error), 400, "INVALID_ARGUMENT")
        raise AssertionError(asked)

    def _drive(self, asked, rest):
        match asked.method, rest:
            case "POST", []:
                assert (
                    asked.body["mimeType"] == "application/vnd.google-apps.spreadsheet"
                )
                if len(self.files) >= self.room:
                    return refused("The user's Drive storage quota has been exceeded.", 403, "PERMISSION_DENIED")  # fmt: skip
                self.made += 1
                number = f"1AbC{self.made:03d}"
                self.files[number] = File(
                    asked.body["name"], {0: Sheet([])}, {0: "Sheet1"}
                )
                return Answer(200, {"id": number, "name": asked.body["name"]})
            case "DELETE", [number] if number in self.files:
                del self.files[number]
                return Answer(204)
            case "POST", [number, "permissions"] if number in self.files:
                self.files[number].readers.append(asked.body["emailAddress"])
                return Answer(200, {"id": "p1"})
        return refused("File not found.", 404, "NOT_FOUND")

    def _told(self, number, file, query):
        wanted = list(file.sheets)
        if "ranges" in query:
            name = query["ranges"][1:-1].replace("''", "'")
            wanted = [n for n in wanted if file.names[n] == name]
            if not wanted:
                raise ServiceError(f"Unable to parse range: {query['ranges']}")
        has_data = query.get("includeGridData") == "true"
        return {
            "spreadsheetId": number,
            "properties": {"title": file.title, "locale": "en_US"},
            "sheets": [
                sheet_record(n, file.names[n], file.sheets[n], has_data) for n in wanted
            ],
        }


def refused(message, code, status):
    return Answer(code, {"error": {"code": code, "message": message, "status": status}})


def sheet_record(number, name, sheet, has_data):
    rows, columns = sheet.frozen
    grid = {"rowCount": sheet.height, "columnCount": sheet.width}
    if rows:
        grid["frozenRowCount"] = rows
    if columns:
        grid["frozenColumnCount"] = columns
    record: dict[str, Any] = {
        "properties": {"sheetId": number, "title": name, "gridProperties": grid}
    }
    if sheet.merges:
        record["merges"] = [
            {
                "sheetId": number,
                "startRowIndex": top,
                "endRowIndex": bottom + 1,
                "startColumnIndex": left,
                "endColumnIndex": right + 1,
            }
            for top, left, bottom, right in sheet.merges
        ]
    if has_data:
        values = Values(sheet)
        record["data"] = [
            {
                "rowData": [
                    {
                        "values": [
                            cell_record(values, row, column, read(text))
                            for column, text in enumerate(line)
                        ]
                    }
                    if any(line)
                    else {}
                    for row, line in enumerate(sheet.rows)
                ]
            }
        ]
    return record


def cell_record(values, row, column, cell):
    record: dict[str, Any] = {}
    if cell.formula:
        record["userEnteredValue"] = {"formulaValue": f"={cell.formula}"}
    elif cell.value is not None:
        record["userEnteredValue"] = value_record(cell.value)
    text = values.shown(row, column)
    if text:
        record["formattedValue"] = text
        record["effectiveValue"] = value_record(values.shown_value(row, column))
    if cell.format == "@":
        record["userEnteredFormat"] = {"numberFormat": {"type": "TEXT"}}
    elif cell.format != "General":
        record["userEnteredFormat"] = {
            "numberFormat": {"type": "NUMBER", "pattern": cell.format}
        }
    if cell.note:
        record["note"] = cell.note
    return record


def value_record(value):
    if isinstance(value, bool):
        return {"boolValue": value}
    return {"stringValue" if isinstance(value, str) else "numberValue": value}


def value_of(record):
    for name in ("numberValue", "boolValue", "stringValue"):
        if name in record:
            value = record[name]
            return float(value) if name == "numberValue" else value
    return None


def area(sheet, where):
    return (
        where.get("startRowIndex", 0),
        where.get("startColumnIndex", 0),
        where.get("endRowIndex", sheet.height) - 1,
        where.get("endColumnIndex", sheet.width) - 1,
    )


def add_sheet(file, what):
    properties = what["properties"]
    number, grid = properties["sheetId"], properties["gridProperties"]
    if number in file.sheets or properties["title"] in file.names.values():
        raise ServiceError(
            f'A sheet with the name "{properties["title"]}" already exists.'
        )
    frozen = grid.get("frozenRowCount", 0), grid.get("frozenColumnCount", 0)
    file.sheets[number] = Sheet([], grid["rowCount"], grid["columnCount"], [], frozen)
    file.names[number] = properties["title"]


def update_properties(file, what):
    properties, fields = what["properties"], what["fields"]
    number = properties["sheetId"]
    sheet = file.sheets[number]
    rows, columns = sheet.frozen
    if fields == "title":
        file.names[number] = properties["title"]
    elif fields == "gridProperties.frozenRowCount":
        sheet.frozen = properties["gridProperties"]["frozenRowCount"], columns
    elif fields == "gridProperties.frozenColumnCount":
        sheet.frozen = rows, properties["gridProperties"]["frozenColumnCount"]
    else:
        assert fields == "hidden"


def update_cells(file, what):
    if "start" in what:
        where = what["start"]
        number, top, left = where["sheetId"], where["rowIndex"], where["columnIndex"]
    else:
        where = what["range"]
        number = where["sheetId"]
        top, left = where["startRowIndex"], where["startColumnIndex"]
    sheet, fields = file.sheets[number], what["fields"].split(",")
    for row, line in enumerate(what["rows"], start=top):
        for column, data in enumerate(line.get("values", ()), start=left):
            if row >= sheet.height or column >= sheet.width:
                raise ServiceError("Range exceeds grid limits")
            cell = read(sheet.text_at(row, column))
            if "userEnteredValue" in fields:
                record = data.get("userEnteredValue", {})
                formula = record.get("formulaValue", "").removeprefix("=")
                value = None if formula else value_of(record)
                cell = cell._replace(value=value, formula=formula)
            if "userEnteredFormat.numberFormat" in fields:
                form = data.get("userEnteredFormat", {}).get("numberFormat", {})
                text = (
                    "@"
                    if form.get("type") == "TEXT"
                    else form.get("pattern", "General")
                )
                cell = cell._replace(format=text)
            if "note" in fields:
                cell = cell._replace(note=data.get("note", ""))
            sheet.put(row, column, cell)


def insert_dimension(file, what):
    where = what["range"]
    sheet = file.sheets[where["sheetId"]]
    axis = ("ROWS", "COLUMNS").index(where["dimension"])
    at = where["startIndex"]
    assert not (what["inheritFromBefore"] and at == 0)
    # The embedded grid chooses its model in the same way.
    sheet.insert(axis, at, where["endIndex"] - at)


def delete_dimension(file, what):
    where = what["range"]
    sheet = file.sheets[where["sheetId"]]
    axis = ("ROWS", "COLUMNS").index(where["dimension"])
    assert where["endIndex"] == where["startIndex"] + 1
    if where["endIndex"] > (sheet.height, sheet.width)[axis]:
        raise ServiceError("Invalid requests[0].deleteDimension")
    sheet.delete(axis, where["startIndex"])


def append_dimension(file, what):
    sheet = file.sheets[what["sheetId"]]
    if what["dimension"] == "ROWS":
        sheet.height += what["length"]
    else:
        sheet.width += what["length"]


def sort_range(file, what):
    sheet = file.sheets[what["range"]["sheetId"]]
    (spec,) = what["sortSpecs"]
    assert area(sheet, what["range"])[0] == sheet.frozen[0]
    sheet.sort(spec["dimensionIndex"], descending=spec["sortOrder"] == "DESCENDING")


def merge_cells(file, what):
    assert what["mergeType"] == "MERGE_ALL"
    sheet = file.sheets[what["range"]["sheetId"]]
    sheet.merge(area(sheet, what["range"]))


DO = {
    "addSheet": add_sheet,
    "updateSheetProperties": update_properties,
    "updateCells": update_cells,
    "insertDimension": insert_dimension,
    "deleteDimension": delete_dimension,
    "appendDimension": append_dimension,
    "sortRange": sort_range,
    "mergeCells": merge_cells,
}


def put_values(file, where, asked):
    name, first, last = _RANGE.fullmatch(where).groups()
    number = {n: k for k, n in file.names.items()}[name.replace("''", "'")]
    sheet = file.sheets[number]
    (top, left), values = position(first), asked.body["values"]
    is_raw = asked.query["valueInputOption"] == "RAW"
    if last is not None:
        bottom, right = position(last)
        if bottom >= sheet.height or right >= sheet.width:
            raise ServiceError(f"Range ({where}) exceeds grid limits.")
    # All or nothing here, too.
    copy = sheet.copy()
    for row, line in enumerate(values, start=top):
        for column, value in enumerate(line, start=left):
            if value is not None:
                put(copy, row, column, value, is_raw=is_raw)
    file.sheets[number] = copy
    answer = {
        "spreadsheetId": "1",
        "updatedRange": where,
        "updatedCells": sum(map(len, values)),
    }
    if asked.query.get("includeValuesInResponse"):
        text = scratched(file, values[0][0])
        answer["updatedData"] = {"range": where, "values": [[text]]}
    return answer


def put(sheet, row, column, value, *, is_raw):
    value = (
        float(value)
        if isinstance(value, int) and not isinstance(value, bool)
        else value
    )
    before = read(sheet.text_at(row, column))
    if is_raw:
        sheet.put(
            row,
            column,
            before._replace(value=None if value == "" else value, formula=""),
        )
    elif isinstance(value, str) and value.startswith("=") and len(value) > 1:
        sheet.put(row, column, before._replace(value=None, formula=value[1:]))
    else:
        kept, form = entered(value, before.format)
        sheet.put(row, column, Cell(None if kept == "" else kept, form, before.note))


def scratched(file, formula):
    """The text of a formula that looks at another sheet."""
    name = re.search(r"'((?:[^']|'')+)'!", formula)[1].replace("''", "'")
    sheet = file.sheets[{n: k for k, n in file.names.items()}[name]]
    node = parse(re.sub(r"'(?:[^']|'')+'!", "", formula).removeprefix("="))
    values = Values(sheet)
    try:
        return shown(values.worked_out(node), values.format_of(node))
    except FormulaError as error:
        return str(error)


def credentials_file(path, url) -> str:
    """Write the file of a service account that signs in at a url; give its path."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    about = {
        "type": "service_account",
        "project_id": "p",
        "private_key_id": "k",
        "private_key": pem.decode(),
        "client_email": "robot@example.org",
        "client_id": "1",
        "token_uri": f"{url}/token",
    }
    path.write_text(json.dumps(about))
    return str(path)
