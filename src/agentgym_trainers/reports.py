"""Numbers of a training run for TensorBoard and Weights & Biases."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from agentgym_envs.errors import BadOption

NAMES = ("tensorboard", "wandb")
Log = Callable[[dict[str, float]], None]


def check(names: Sequence[str]) -> None:
    """Refuse loggers that there are not.

    Raises:
        BadOption: naming those that there are.
    """
    for name in names:
        if name not in NAMES:
            raise BadOption(f"report_to must be of {', '.join(NAMES)}, not {name!r}")


class Reports:
    """Write numbers where they can be watched.

    TensorBoard's files go to ``tensorboard`` in the run's folder. Weights & Biases
    keeps the run under the folder's name, and reads its own variables, such as
    ``WANDB_PROJECT`` and ``WANDB_MODE=offline``.

    Args:
        names: ``tensorboard``, ``wandb``, both or none.
        folder: Of the run.
        config: What to keep of the configuration; values of JSON.
        start: The step that a stopped run goes on from; what was written of it, and of
            later ones, is replaced.

    Raises:
        BadOption: if there is no such logger, or its package is not installed.
    """

    def __init__(
        self,
        names: Sequence[str],
        folder: Path,
        config: Mapping[str, Any],
        *,
        start: int = 0,
    ) -> None:
        check(names)
        self._all = [_OPEN[name](folder, config, start) for name in names]

    def write(self, step: int, facts: Mapping[str, float]) -> None:
        """Write the numbers of a step."""
        for one in self._all:
            one.write(step, facts)

    def also(self, log: Log | None) -> Log:
        """Give a function that writes the numbers of a ``step`` and tells them on."""

        def told(facts: dict[str, float]) -> None:
            numbers = {name: facts[name] for name in facts if name != "step"}
            self.write(int(facts["step"]), numbers)
            if log is not None:
                log(facts)

        return told

    def close(self) -> None:
        """Write all that is not written yet."""
        for one in self._all:
            one.close()


class _Report(Protocol):
    def write(self, step: int, facts: Mapping[str, float]) -> None: ...

    def close(self) -> None: ...


class _TensorBoard:
    def __init__(self, folder: Path, config: Mapping[str, Any], start: int) -> None:
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError as error:
            raise _missing("tensorboard") from error
        self._writer = SummaryWriter(
            str(folder / "tensorboard"), purge_step=start or None
        )

    def write(self, step: int, facts: Mapping[str, float]) -> None:
        for name, value in facts.items():
            self._writer.add_scalar(name, value, step)

    def close(self) -> None:
        self._writer.close()


class _Wandb:
    def __init__(self, folder: Path, config: Mapping[str, Any], start: int) -> None:
        try:
            import wandb
        except ImportError as error:
            raise _missing("wandb") from error
        self._run = wandb.init(
            name=folder.name, dir=str(folder), config=dict(config), reinit=True
        )

    def write(self, step: int, facts: Mapping[str, float]) -> None:
        self._run.log(dict(facts), step=step)

    def close(self) -> None:
        self._run.finish()


def _missing(package: str) -> BadOption:
    return BadOption(
        f"report_to names {package}, whose package is not installed; "
        f"pip install {package}"
    )


_OPEN: Mapping[str, Callable[[Path, Mapping[str, Any], int], _Report]] = {
    "tensorboard": _TensorBoard,
    "wandb": _Wandb,
}
