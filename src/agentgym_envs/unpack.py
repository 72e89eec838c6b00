"""Unpack an archive, file by file, so that none is ever half there."""

from __future__ import annotations

import shutil
import stat
import zipfile
from pathlib import Path, PurePosixPath

from agentgym_envs.errors import DataError


def unpack(archive: Path, folder: Path) -> int:
    """Unpack a zip archive into a folder; give the number of files.

    Raises:
        DataError: if a name in the archive leads out of the folder; then nothing
            is unpacked.
    """
    with zipfile.ZipFile(archive) as opened:
        members = [member for member in opened.infolist() if not member.is_dir()]
        for member in members:
            _check_name(archive, member)
        for member in members:
            target = folder / member.filename
            target.parent.mkdir(parents=True, exist_ok=True)
            fresh = target.with_name(f"{target.name}.new")
            with opened.open(member) as source, fresh.open("wb") as copy:
                shutil.copyfileobj(source, copy)
            fresh.replace(target)
    return len(members)


def _check_name(archive: Path, member: zipfile.ZipInfo) -> None:
    path = PurePosixPath(member.filename)
    is_link = stat.S_ISLNK(member.external_attr >> 16)
    # A colon is a drive on Windows, and a backslash a separator.
    strange = any(sign in member.filename for sign in ":\\")
    if path.is_absolute() or ".." in path.parts or is_link or strange:
        raise DataError(f"{archive}: the name {member.filename!r} is not safe")
