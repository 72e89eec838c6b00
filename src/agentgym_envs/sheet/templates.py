"""The goals of Sheet: 18 templates that play their own solutions on drawn tables.

A solution keeps the header in its place. Where a result could be shown in several
ways, its column has a number format, so that every way to write it looks the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from agentgym_envs.draws import between, choose, sample
from agentgym_envs.sheet import HORIZON
from agentgym_envs.sheet.cells import Cell, Value, address
from agentgym_envs.sheet.engine import Book, EmbeddedBooks, SheetState
from agentgym_envs.sheet.grading import strict_share
from agentgym_envs.sheet.grid import Sheet, rectangle
from agentgym_envs.sheet.tables import (
    MONEY,
    WHOLE,
    Table,
    attendance,
    listed,
    orders,
    scores,
    stock,
    tasks,
)
from agentgym_envs.sheet.tools import TOOLBOX
from agentgym_envs.sheet.words import SUBJECTS, WORDS
from agentgym_envs.tasks import UNLISTED, Task
from agentgym_envs.tools.generate import Session, require
from agentgym_envs.tools.items import Item

Template = Callable[["Desk"], str]

ON_TOP = "The header stays on top."
DIRECTIONS = {"des": "descending", "asc": "ascending"}


class UnseenBooks(EmbeddedBooks):
    """The service for somebody who knows what comes out, and need not see tables."""

    def table(self, state: SheetState) -> list[list[str]]:
        """Give nothing; `Sheet.table` has it."""
        return []


class Desk(Session):
    """A session on a fresh book, with what templates often do."""

    def __init__(self, rng: Random, split: str) -> None:
        self.rng = rng
        self.split = split
        self.book = Book((), ())
        super().__init__(TOOLBOX, UnseenBooks(), None, longest=HORIZON)

    def begin(self, table: Table, *, cells: list[list[Cell]] | None = None) -> str:
        """Put a table into a book, open its sheet, and give its name in quotes."""
        sheet = Sheet(rectangle(cells if cells is not None else table.cells()))
        self.book = Book((table.name,), (sheet,))
        task = Task("", 0, UNLISTED, "", {"book": self.book})
        self.state = self._backend.start(task)
        self.call("open_sheet", name=table.name)
        return f'the sheet "{table.name}"'

    def look(self) -> None:
        """Look at the whole table."""
        self.call("get_all_values")

    def sort(self, column: int, order: str) -> None:
        """Sort everything below the header by a column, from 0."""
        self.call("freeze_data", dimension="rows", num=1)
        self.call("sort_sheet_by_col", col_num=column + 1, order=order)

    def delete_rows(self, rows: Sequence[int]) -> None:
        """Delete rows of the table's body, from 0."""
        numbers = [row + 2 for row in rows]
        self.call("delete_batch_data", dimension="row", index_list=numbers)

    def fill(self, column: int, first: int, values: Sequence[Value]) -> None:
        """Write a column's values from a row of the body on, both from 0."""
        self.call(
            "update_range",
            start_position=address(first + 1, column),
            end_position=address(first + len(values), column),
            values_list=[[value] for value in values],
        )

    def direction(self) -> str:
        """Draw an order to sort in."""
        return choose(self.rng, ("des", "asc"))


def _order(name: str, order: str) -> str:
    return f'sort the rows by "{name}" in {DIRECTIONS[order]} order'


def _sold(desk: Desk) -> str:
    table = stock(desk.rng, desk.split, between(desk.rng, 8, 14))
    where, order = desk.begin(table), desk.direction()
    desk.look()
    column = table.column("Quantity")
    sold = [float(between(desk.rng, 0, 4)) for _ in table.rows]
    left = [
        float(str(row[column])) - n for row, n in zip(table.rows, sold, strict=True)
    ]
    require(len(set(left)) == len(left))
    desk.fill(column, 0, left)
    desk.sort(column, order)
    pairs = [[row[0], n] for row, n in zip(table.rows, sold, strict=True)]
    return (
        f"These numbers of products were sold today: {listed(pairs)}. In {where}, "
        f'take them off "Quantity"; then {_order("Quantity", order)}. {ON_TOP}'
    )


def _promotion(desk: Desk) -> str:
    table = stock(desk.rng, desk.split, between(desk.rng, 8, 14))
    where = desk.begin(table)
    count = between(desk.rng, 2, 4)
    rating, discount = table.column("Rating"), table.column("Discount")
    desk.sort(rating, "des")
    last = sorted(table.rows, key=lambda row: -float(str(row[rating])))[-count:]
    raised = [round(float(str(row[discount])) + 0.05, 2) for row in last]
    desk.fill(discount, len(table.rows) - count, raised)
    return (
        f"In {where}, {_order('Rating', 'des')}; then raise the discount of the "
        f"{count} products with the lowest ratings by 0.05 each. {ON_TOP}"
    )


def _without_category(desk: Desk) -> str:
    table = stock(desk.rng, desk.split, between(desk.rng, 9, 15))
    where, order = desk.begin(table), desk.direction()
    kind = choose(desk.rng, sorted(set(map(str, table.values("Category")))))
    rows = [n for n, value in enumerate(table.values("Category")) if value == kind]
    require(len(rows) < len(table.rows) - 2)
    column = table.column("Category") + 1
    desk.call("filter_cells", query=f"^{kind}$", in_column=column)
    desk.delete_rows(rows)
    desk.sort(table.column("Price"), order)
    return (
        f'In {where}, delete all products of the category "{kind}"; then '
        f"{_order('Price', order)}. {ON_TOP}"
    )


def _cheap(desk: Desk) -> str:
    table = stock(desk.rng, desk.split, between(desk.rng, 9, 15))
    where, order = desk.begin(table), desk.direction()
    desk.look()
    limit = between(desk.rng, 10, 40)
    prices = [float(str(value)) for value in table.values("Price")]
    rows = [n for n, price in enumerate(prices) if price < limit]
    require(0 < len(rows) < len(prices) - 2)
    desk.delete_rows(rows)
    desk.sort(table.column("Quantity"), order)
    return (
        f"In {where}, delete all products with a price below {limit}; then "
        f"{_order('Quantity', order)}. {ON_TOP}"
    )


def _empty_lines(desk: Desk) -> str:
    table = attendance(desk.rng, desk.split, between(desk.rng, 8, 14))
    cells = table.cells()
    width = len(table.header)
    gaps = sorted(sample(desk.rng, range(1, len(cells)), between(desk.rng, 1, 3)))
    for gap in reversed(gaps):
        cells.insert(gap, [Cell()] * width)
    column = between(desk.rng, 1, width - 1)
    cells = [[*row[:column], Cell(), *row[column:]] for row in cells]
    where, order = desk.begin(table, cells=cells), desk.direction()
    desk.look()
    numbers = [gap + offset + 1 for offset, gap in enumerate(gaps)]
    desk.call("delete_batch_data", dimension="row", index_list=numbers)
    desk.call("delete_batch_data", dimension="col", index_list=[column + 1])
    desk.sort(table.column("Present"), order)
    return (
        f"In {where}, delete the rows and columns that are empty; then "
        f"{_order('Present', order)}. {ON_TOP}"
    )


def _notes(desk: Desk) -> str:
    table = scores(desk.rng, desk.split, between(desk.rng, 8, 12), subjects=3)
    cells = table.cells()
    subject = choose(desk.rng, table.header[2:])
    column = table.column(subject)
    rows = sorted(sample(desk.rng, range(len(table.rows)), between(desk.rng, 2, 4)))
    now = [float(str(value)) for value in table.values(subject)]
    for row in rows:
        now[row] = float(between(desk.rng, 30, 100))
        name = cells[row + 1][0]
        cells[row + 1][0] = name._replace(note=f"{subject}: {now[row]:g}")
    require(len(set(now)) == len(now))
    where, order = desk.begin(table, cells=cells), desk.direction()
    for row in rows:
        desk.call("get_note", position=address(row + 1, 0))
    for row in rows:
        position = address(row + 1, column)
        desk.call("update_cell", position=position, value=now[row])
    desk.sort(column, order)
    names = ", ".join(str(table.rows[row][0]) for row in rows)
    return (
        f"In {where}, the cells with the names {names} have notes. Correct the scores "
        f"as the notes say; then {_order(subject, order)}. {ON_TOP}"
    )


def _with_columns(table: Table, **formats: str) -> Table:
    """The table with empty columns at the right."""
    header = (*table.header, *formats)
    rows = [[*row, *[None] * len(formats)] for row in table.rows]
    return table._replace(
        header=header, formats=(*table.formats, *formats.values()), rows=rows
    )


def _formulas(desk: Desk, table: Table, operator: str, first: int, result: int) -> None:
    """Fill a column with a formula over the columns from one to the last subject."""
    for row in range(1, len(table.rows) + 1):
        desk.call(
            "update_cell_by_formula",
            start_position=address(row, first),
            end_position=address(row, result - 1),
            result_position=address(row, result),
            operator=operator,
        )


def _sums(desk: Desk) -> str:
    plain = scores(desk.rng, desk.split, between(desk.rng, 6, 9), subjects=3)
    table = _with_columns(plain, Sum=WHOLE)
    totals = [sum(float(str(v)) for v in row[2:5]) for row in table.rows]
    require(len(set(totals)) == len(totals))
    where = desk.begin(table)
    _formulas(desk, table, "SUM", 2, 5)
    desk.sort(5, "des")
    return (
        f'In {where}, fill the column "Sum" with the sum of each student\'s scores; '
        f"then {_order('Sum', 'des')}. {ON_TOP}"
    )


def _averages(desk: Desk) -> str:
    plain = scores(desk.rng, desk.split, between(desk.rng, 6, 9), subjects=4)
    table = _with_columns(plain, Average=MONEY)
    where = desk.begin(table)
    _formulas(desk, table, "AVERAGE", 2, 6)
    desk.sort(0, "asc")
    return (
        f'In {where}, fill the column "Average" with the average of each student\'s '
        f"scores; then {_order('Name', 'asc')}. {ON_TOP}"
    )


def _amounts(desk: Desk) -> str:
    table = orders(desk.rng, desk.split, between(desk.rng, 6, 9))
    amounts = [float(str(row[3])) * float(str(row[4])) for row in table.rows]
    require(len(set(amounts)) == len(amounts))
    where, order = desk.begin(table), desk.direction()
    _formulas(desk, table, "PRODUCT", 3, 5)
    desk.sort(5, order)
    return (
        f'In {where}, fill the column "Amount" with units times unit price; then '
        f"{_order('Amount', order)}. {ON_TOP}"
    )


def _rank(desk: Desk) -> str:
    table = scores(desk.rng, desk.split, between(desk.rng, 8, 14))
    where = desk.begin(table)
    subject = choose(desk.rng, table.header[2:])
    desk.sort(table.column(subject), "des")
    column = len(table.header)
    ranks: list[Value] = [float(n + 1) for n in range(len(table.rows))]
    desk.call("update_cell", position=address(0, column), value=f"{subject} Rank")
    desk.fill(column, 0, ranks)
    return (
        f"In {where}, {_order(subject, 'des')}; then add the column "
        f'"{subject} Rank" at the right, with the rank of each student in this '
        f"subject, 1 for the best. {ON_TOP}"
    )


def _wrong_scores(desk: Desk) -> str:
    table = scores(desk.rng, desk.split, between(desk.rng, 9, 14))
    rows = sorted(sample(desk.rng, range(len(table.rows)), between(desk.rng, 2, 4)))
    for row in rows:
        table.rows[row][between(desk.rng, 2, len(table.header) - 1)] = -1.0
    where = desk.begin(table)
    desk.call("filter_cells", query="^-1$")
    desk.delete_rows(rows)
    desk.sort(0, "asc")
    return (
        f"In {where}, scores of -1 are mistakes. Delete the rows of all students with "
        f"such a score; then {_order('Name', 'asc')}. {ON_TOP}"
    )


def _newcomers(desk: Desk) -> str:
    table = attendance(desk.rng, desk.split, between(desk.rng, 7, 12))
    known = set(table.values("Name"))
    others = [name for name in WORDS[desk.split].people if name not in known]
    new: list[list[Value]] = [
        [name, team, float(between(desk.rng, 1, 60)), float(between(desk.rng, 0, 9))]
        for name, team in zip(sample(desk.rng, others, 2), ("Red", "Blue"), strict=True)
    ]
    where = desk.begin(table)
    desk.look()
    desk.call("insert_rows", values_list=new, row_idx=2)
    desk.sort(0, "asc")
    return (
        f"Add two people to {where}, with the values of their columns in order: "
        f"{listed(new)}. Then {_order('Name', 'asc')}. {ON_TOP}"
    )


def _largest_class(desk: Desk) -> str:
    table = scores(desk.rng, desk.split, between(desk.rng, 10, 15))
    classes = [str(value) for value in table.values("Class")]
    names = sorted(set(classes))
    sizes = [classes.count(name) for name in names]
    require(sizes.count(max(sizes)) == 1 and len(names) > 1)
    largest = names[sizes.index(max(sizes))]
    where = desk.begin(table)
    for name in names:
        desk.call("filter_cells", query=f"^{name}$", in_column=2)
    desk.delete_rows([n for n, name in enumerate(classes) if name != largest])
    subject = choose(desk.rng, table.header[2:])
    desk.sort(table.column(subject), "des")
    return (
        f"In {where}, keep only the students of the class that has the most, and "
        f"delete all others; then {_order(subject, 'des')}. {ON_TOP}"
    )


def _finished(desk: Desk) -> str:
    table = tasks(desk.rng, desk.split, between(desk.rng, 9, 14))
    where, order = desk.begin(table), desk.direction()
    statuses = table.values("Status")
    rows = [n for n, status in enumerate(statuses) if status == "Completed"]
    require(0 < len(rows) < len(statuses) - 2)
    desk.call("filter_cells", query="^Completed$", in_column=3)
    desk.delete_rows(rows)
    desk.sort(table.column("Hours"), order)
    return (
        f'In {where}, delete all tasks with the status "Completed"; then '
        f"{_order('Hours', order)}. {ON_TOP}"
    )


def _reassigned(desk: Desk) -> str:
    table = tasks(desk.rng, desk.split, between(desk.rng, 9, 14))
    where, order = desk.begin(table), desk.direction()
    desk.look()
    rows = sorted(sample(desk.rng, range(len(table.rows)), between(desk.rng, 2, 4)))
    told = []
    for row in rows:
        others = [
            name for name in WORDS[desk.split].people if name != table.rows[row][1]
        ]
        name = choose(desk.rng, others)
        desk.call("update_cell", position=address(row + 1, 1), value=name)
        told.append(f'"{table.rows[row][0]}" to {name}')
    desk.sort(table.column("Hours"), order)
    return (
        f"In {where}, give these tasks to other people: {', '.join(told)}. Then "
        f"{_order('Hours', order)}. {ON_TOP}"
    )


def _merged_totals(desk: Desk) -> str:
    plain = tasks(desk.rng, desk.split, between(desk.rng, 6, 10))
    table = _with_columns(plain, **{"Total Hours": WHOLE})
    priority, hours = table.column("Priority"), table.column("Hours")
    table.rows.sort(key=lambda row: (str(row[priority]), -float(str(row[hours]))))
    levels = [str(value) for value in table.values("Priority")]
    names = sorted(set(levels))
    require(all(levels.count(name) > 1 for name in names) and len(names) > 1)
    where = desk.begin(table)
    desk.look()
    result = table.column("Total Hours")
    for name in names:
        first = levels.index(name) + 1
        last = first + levels.count(name) - 1
        start, end = address(first, result), address(last, result)
        desk.call("merge_cells", start_position=start, end_position=end)
        desk.call(
            "update_cell_by_formula",
            start_position=address(first, hours),
            end_position=address(last, hours),
            result_position=start,
            operator="SUM",
        )
    return (
        f"In {where}, tasks of the same priority stand together. For each priority, "
        'merge its cells in the column "Total Hours" into one, and fill in the sum of '
        "the hours of its tasks."
    )


def _best_of_each(desk: Desk) -> str:
    table = scores(desk.rng, desk.split, between(desk.rng, 9, 14), subjects=3)
    subjects = table.header[2:]
    best = set()
    where = desk.begin(table)
    for subject in subjects:
        column = table.column(subject)
        values = [float(str(value)) for value in table.values(subject)]
        desk.call(
            "get_value_by_formula",
            start_position=address(1, column),
            end_position=address(len(values), column),
            operator="MAX",
        )
        best.add(values.index(max(values)))
    desk.look()
    desk.delete_rows(sorted(best))
    last = subjects[-1]
    desk.sort(table.column(last), "des")
    return (
        f"In {where}, delete the rows of the students who have the highest score in at "
        f"least one subject; then {_order(last, 'des')}. {ON_TOP}"
    )


def _new_column(desk: Desk) -> str:
    table = scores(desk.rng, desk.split, between(desk.rng, 7, 11), subjects=3)
    subject = choose(desk.rng, [s for s in SUBJECTS if s not in table.header])
    points = [float(between(desk.rng, 40, 99)) for _ in table.rows]
    where = desk.begin(table)
    desk.look()
    column: list[Any] = [subject, *points]
    desk.call("insert_cols", values_list=[column], col_idx=3)
    desk.sort(0, "asc")
    pairs = [[row[0], n] for row, n in zip(table.rows, points, strict=True)]
    return (
        f'In {where}, insert the column "{subject}" between "Class" and '
        f'"{table.header[2]}", with these scores: {listed(pairs)}. Then '
        f"{_order('Name', 'asc')}. {ON_TOP}"
    )


def _template(play: Template) -> Callable[[Random, str], Item]:
    def make(rng: Random, split: str) -> Item:
        desk = Desk(rng, split)
        goal = play(desk)
        desk.call("finish")
        gold = desk._backend.sheet(desk.state).table()
        share = strict_share(desk.book.sheets[0].table(), gold)
        require(share < 1.0)
        payload = {
            "subgoals": [gold],
            "path": tuple(desk.calls),
            "book": desk.book,
            "start_share": share,
            "strict": True,
        }
        return Item(goal, payload)

    make.__name__ = play.__name__.lstrip("_")
    return make


TEMPLATES = tuple(
    _template(play)
    for play in (
        *(_sold, _promotion, _without_category, _cheap, _empty_lines, _notes),
        *(_sums, _averages, _amounts, _rank, _wrong_scores, _newcomers),
        *(_largest_class, _finished, _reassigned, _merged_totals, _best_of_each),
        _new_column,
    )
)
