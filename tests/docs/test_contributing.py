"""The walk-through in CONTRIBUTING.md works, word for word."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_environment_of_the_walk_through_keeps_every_promise(tmp_path):
    source = tmp_path / "src"
    shutil.copytree(ROOT / "src", source, ignore=shutil.ignore_patterns("__pycache__"))
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    files = re.findall(r"```python\n# (src/\S+)\n(.*?)```", text, flags=re.DOTALL)
    assert [Path(name).name for name, _ in files] == [
        "engine.py",
        "tasks.py",
        "expert.py",
        "env.py",
        "__init__.py",
    ]
    for name, code in files:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(code, encoding="utf-8")
    package = source / "agentgym_envs" / "__init__.py"
    code = package.read_text(encoding="utf-8")
    code = code.replace("    alfworld,\n", "    alfworld,\n    lantern,\n", 1)
    code = code.replace("    *maze.SPECS,\n", "    *lantern.SPECS,\n    *maze.SPECS,\n")
    package.write_text(code, encoding="utf-8")
    check = (
        "import agentgym_envs.testing as t; print(t.__file__); "
        "t.check_agent_env('agentgym/Lantern-v0')"
    )
    done = subprocess.run(
        [sys.executable, "-c", check],
        env={**os.environ, "PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(source))
    lint = [sys.executable, "-m", "ruff", "check", "--config"]
    lint += [str(ROOT / "pyproject.toml"), str(source / "agentgym_envs" / "lantern")]
    done = subprocess.run(lint, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
