"""Build the jar that copies ScienceWorld games, from its Java source.

    python scripts/build_sciworld_helper.py [--check]

Needs javac 17 or newer and the package ``scienceworld``, whose jar the source is
compiled against. The jar's bytes depend on the source and on javac only, so that
``--check`` can tell whether the one in the package is what the source gives.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path

from agentgym_envs.sciworld.java import engine_jar

PACKAGE = Path(__file__).parents[1] / "src" / "agentgym_envs" / "sciworld"
SOURCE = PACKAGE / "helper" / "agentgym"
JAR = PACKAGE / "data" / "helper.jar"
RELEASE = "17"  # the oldest Java that runs it
DATE = (1980, 1, 1, 0, 0, 0)  # the oldest that a zip file can hold


def compile_source(folder: Path) -> None:
    """Compile the source into a folder."""
    javac = shutil.which("javac")
    if javac is None:
        raise SystemExit("there is no javac; install a JDK of version 17 or newer")
    options = [
        "--release",
        RELEASE,
        "-g:none",
        "-XDstringConcat=inline",
        "-encoding",
        "UTF-8",
        "-nowarn",
    ]
    sources = sorted(map(str, SOURCE.glob("*.java")))
    done = subprocess.run(
        [javac, *options, "-cp", str(engine_jar()), "-d", str(folder), *sources],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(done.stderr)


def build() -> bytes:
    """Make the jar; stored, since compressors differ."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        compile_source(folder)
        content = BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as jar:
            for path in sorted(folder.rglob("*.class")):
                inside = path.relative_to(folder).as_posix()
                jar.writestr(zipfile.ZipInfo(inside, DATE), path.read_bytes())
        return content.getvalue()


def main() -> None:
    """Write the jar, or compare it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, don't write")
    jar = build()
    if not parser.parse_args().check:
        JAR.parent.mkdir(exist_ok=True)
        JAR.write_bytes(jar)
        print(f"{JAR.name}: {len(jar):,} bytes")
    elif jar != JAR.read_bytes():
        sys.exit(f"{JAR.name} is not what its source gives; run this without --check")


if __name__ == "__main__":
    main()
