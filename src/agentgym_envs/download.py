"""Fetch published files: go on after a break, check them, and only then show them.

What has arrived is kept beside the target as ``<file>.part``; a later call asks for
the rest. A file gets its name when it is whole and right, never before.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import struct
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agentgym_envs.errors import BadOption, DataError, MissingExtra

if TYPE_CHECKING:
    import httpx

ATTEMPTS = 5  # in a row that bring nothing new
PAUSE = 1.0  # seconds before the second attempt; twice as long before each further one
PATIENCE = 30.0  # seconds without a byte

# What the zip reader raises for damaged bytes, depending on where they are.
_NO_ARCHIVE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    struct.error,
)

Report = Callable[[int, int], None]
"""Told how many bytes are there, and how many there will be (0: unknown)."""


@dataclass(frozen=True, slots=True)
class Source:
    """A published file.

    Args:
        part: What users call it.
        file: Its name in the data folder; archives end in ``.zip``.
        about: What it holds, in a few words.
        sha256: Of the file, where its publisher or the user tells it.
        json_sha256: Of a JSON file's content, written without spaces and with sorted
            keys, so that line ends don't matter.
        check: Reads a file through for which no checksum is known; raises `DataError`
            if it does not hold what it should.
    """

    part: str
    file: str
    url: str
    about: str
    sha256: str = ""
    json_sha256: str = ""
    check: Callable[[Path], None] | None = None


class _Cut(Exception):
    """The answer ended early, or the server asks to come again."""


def fetch(
    source: Source,
    folder: Path,
    *,
    again: bool = False,
    report: Report = lambda there, total: None,
) -> Path:
    """Download a file into a folder, unless it is there.

    Args:
        again: Download even then, and replace it.

    Raises:
        DataError: if it can't be had, or is not what it should be.
        MissingExtra: if httpx is not installed.
    """
    target = folder / source.file
    if target.exists() and not again:
        try:
            _check(source, target)
        except DataError as error:
            raise DataError(f"{target}: {error}; --again replaces it") from None
        return target
    folder.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    note = target.with_name(f"{target.name}.part.json")
    with _client() as client:
        _receive_all(client, source.url, part, note, report)
    try:
        _check(source, part)
    except DataError as error:
        part.unlink()  # or the next call would go on from wrong bytes
        raise DataError(f"{source.url}: {error}; it was not kept") from None
    finally:
        note.unlink(missing_ok=True)
    part.replace(target)
    return target


@contextmanager
def _client() -> Iterator[httpx.Client]:
    try:
        import httpx
    except ModuleNotFoundError:
        raise MissingExtra("cli", "httpx") from None
    # A compressed answer could not be continued at a byte of the file.
    headers = {"Accept-Encoding": "identity"}
    with httpx.Client(
        timeout=PATIENCE, follow_redirects=True, headers=headers
    ) as client:
        yield client


def _receive_all(
    client: httpx.Client, url: str, part: Path, note: Path, report: Report
) -> None:
    """Receive until nothing is missing."""
    import httpx

    most = failures = 0
    while True:
        try:
            return _receive(client, url, part, note, report)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise BadOption(f"{url}: {error}") from None
        except httpx.TooManyRedirects as error:
            raise DataError(f"{url}: {error}") from None
        except (httpx.TransportError, _Cut) as error:
            reason = str(error) or type(error).__name__
        there = part.stat().st_size if part.exists() else 0
        failures = 1 if there > most else failures + 1
        most = max(most, there)
        if failures == ATTEMPTS:
            raise DataError(
                f"{url}: {reason}; gave up after {ATTEMPTS} attempts. What has "
                "arrived is kept: the same command goes on from there"
            )
        time.sleep(PAUSE * 2 ** (failures - 1))


def _receive(
    client: httpx.Client, url: str, part: Path, note: Path, report: Report
) -> None:
    """Ask once for what is missing, and write what comes."""
    start, headers = _rest(url, part, note)
    with client.stream("GET", url, headers=headers) as answer:
        total = _whole_size(answer)
        if answer.status_code == 416 and start:
            if total == start:
                return  # it was whole already
            part.unlink()
            raise _Cut("what had arrived does not fit what the server has")
        _refuse(answer, url)
        if answer.status_code == 200:
            start = 0  # the server does not continue, or has another file by now
        elif not answer.headers.get("Content-Range", "").startswith(f"bytes {start}-"):
            part.unlink(missing_ok=True)
            raise _Cut("the server sent another piece than was asked for")
        _remember(note, url, answer.headers.get("ETag", ""))
        with part.open("ab" if start else "wb") as file:
            there = start
            report(there, total)
            # As it comes: pieces of a fixed size would lose the last one in a break.
            for chunk in answer.iter_raw():
                file.write(chunk)
                there += len(chunk)
                report(there, total)
        if total and there != total:
            raise _Cut(f"{there} of {total} bytes came")


def _rest(url: str, part: Path, note: Path) -> tuple[int, dict[str, str]]:
    """Tell where to go on, and with which headers to ask for it."""
    try:
        known = json.loads(note.read_text(encoding="utf-8"))
        start = part.stat().st_size
    except (OSError, ValueError):
        return 0, {}
    if not start or not isinstance(known, dict) or known.get("url") != url:
        return 0, {}
    headers = {"Range": f"bytes={start}-"}
    # With the tag, a server whose file has changed sends all of it. Weak tags are
    # not allowed here.
    tag = str(known.get("etag", ""))
    if tag.startswith('"'):
        headers["If-Range"] = tag
    return start, headers


def _remember(note: Path, url: str, tag: str) -> None:
    note.write_text(json.dumps({"url": url, "etag": tag}), encoding="utf-8")


def _whole_size(answer: httpx.Response) -> int:
    """Give the size of the whole file, 0 if the server does not tell."""
    if answer.status_code in (206, 416):
        text = answer.headers.get("Content-Range", "").rpartition("/")[2]
    else:
        text = answer.headers.get("Content-Length", "")
    return int(text) if text.isdecimal() else 0


def _refuse(answer: httpx.Response, url: str) -> None:
    """Raise if the answer is no file."""
    status = answer.status_code
    if status in (200, 206):
        return
    reason = f"the server answers {status} {answer.reason_phrase}".rstrip()
    if status in (408, 429) or status >= 500:
        raise _Cut(reason)
    raise DataError(f"{url}: {reason}; --url names another place")


def _check(source: Source, file: Path) -> None:
    """Raise if a whole file is not what it should be."""
    if source.sha256:
        found = sha256_of(file)
        if found != source.sha256:
            raise DataError(f"its SHA-256 is {found}, not {source.sha256}")
    if source.file.endswith(".zip"):
        _check_archive(file)
    if source.json_sha256:
        _check_json(file, source.json_sha256)
    if source.check is not None:
        source.check(file)


def _check_archive(file: Path) -> None:
    """Raise unless every file in an archive has the checksum noted there."""
    try:
        with zipfile.ZipFile(file) as archive:
            broken = archive.testzip()
    except _NO_ARCHIVE as error:
        raise DataError(f"this is no intact zip archive ({error})") from None
    if broken is not None:
        raise DataError(f"{broken!r} in the archive is damaged")


def _check_json(file: Path, digest: str) -> None:
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise DataError(f"this is not JSON ({error})") from None
    if content_sha256(value) != digest:
        raise DataError("its content is not the published one")


def sha256_of(file: Path) -> str:
    """The SHA-256 of a file."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def content_sha256(value: Any) -> str:
    """The SHA-256 of a JSON value, however its file was laid out."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
