"""The original's tasks on a deployment of its sites."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, Unpack

from agentgym_envs.env import CommonOptions
from agentgym_envs.errors import BadOption, ServiceUnavailable, SnapshotError
from agentgym_envs.outcome import Outcome
from agentgym_envs.tasks import Split, Task, TaskSet
from agentgym_envs.webarena.actions import Unreadable, tell
from agentgym_envs.webarena.chromium.tree import Form, check_form
from agentgym_envs.webarena.early import EarlyStop, answer
from agentgym_envs.webarena.env import WebArenaEnv
from agentgym_envs.webarena.episode import Episode
from agentgym_envs.webarena.interface import Action, BrowserLost
from agentgym_envs.webarena.original.connect import (
    Connection,
    Deployment,
    shared_connection,
)
from agentgym_envs.webarena.original.episode import OriginalEpisode
from agentgym_envs.webarena.original.evaluate import Evaluator
from agentgym_envs.webarena.original.judge import Judge
from agentgym_envs.webarena.original.remote import RemoteBrowser
from agentgym_envs.webarena.original.resets import (
    Reset,
    Traces,
    reset_from_environment,
)
from agentgym_envs.webarena.original.shop import RestShop
from agentgym_envs.webarena.original.tasks import Config, load_configs, read_ids

UNSCORED = "unscored"  # an episode that ended, but nobody could tell how


class OriginalTasks(TaskSet):
    """The tasks of a file, all of them for testing.

    Args:
        configs: The tasks, addresses filled in.
        ids: Which of them to take; None takes all.
        category: Only those of one category; empty for all.
        split: ``"test"`` or ``"all"``.
    """

    def __init__(
        self,
        configs: Sequence[Config],
        *,
        ids: Sequence[int] | None = None,
        category: str = "",
        split: Split = "test",
    ) -> None:
        self._configs = {config.task_id: config for config in configs}
        taken = list(self._configs) if ids is None else list(dict.fromkeys(ids))
        for task_id in taken:
            if task_id not in self._configs:
                raise BadOption(f"the task file has no task {task_id}")
        chosen = [i for i in taken if category in ("", self._configs[i].category)]
        super().__init__(prefix="webarena", train=(), test=chosen, split=split)

    def _exists(self, index: int) -> bool:
        return index in self._configs

    def _build(self, index: int, split: str) -> Task:
        config = self._configs[index]
        payload = {
            "category": config.category or "",
            "sites": config.sites,
            "start": config.start,
            "config": config,
        }
        return Task(self.id_of(index), index, split, config.intent, payload)


class DeployedWebArenaEnv(WebArenaEnv):
    """The original's tasks, on a deployment of the original's sites.

    Observations, actions and rewards are those of `WebArenaEnv`. The browser is a real
    one (extra ``webarena-browser``), which reaches the hosts and ports of the sites and
    nothing else; each episode has cookies of its own.

    The sites keep what an episode does to them. `reset_sites` brings them back, if
    there is a way to; a task that begins on sites which another one may have changed
    is warned of.

    Args:
        data: The task file, ``test.raw.json``; None takes the one of an installed
            package (webarena-verified or libwebarena).
        deployment: Where the sites are; None reads the environment variables.
        ids: Numbers of the tasks to take, or a file that lists them; None takes all.
        category: Items of one category only.
        judge: Judges answers in free words, such as
            `agentgym_envs.webarena.original.judge.OpenAIJudge`. Without one, tasks
            that need it end with the reason ``"unscored"``.
        reason_judge: Judges why a task can't be done; None takes the judge's own way
            to do that, or ``judge``.
        reset: Resets the sites; None takes ``$WA_FULL_RESET``, where it is set.
        format: Of the tree; ``raw`` prints it with the browser's own numbers, roles and
            properties.
        early_stop: Whether an episode ends where the original's runner gives up.
        common: As for every environment. ``parity=True`` reads replies, scores and
            rewards as AgentGym's server does.

    Raises:
        DataError: for a task file that is missing or damaged.
        BadOption: for a site of the tasks without an address.
    """

    def __init__(
        self,
        *,
        deployment: Deployment | None = None,
        ids: Sequence[int] | str | os.PathLike[str] | None = None,
        category: str = "",
        judge: Judge | None = None,
        reason_judge: Judge | None = None,
        reset: Reset | None = None,
        format: Form = "canonical",
        early_stop: bool = False,
        **common: Unpack[CommonOptions],
    ) -> None:
        self.deployment = Deployment() if deployment is None else deployment
        self._ids = ids
        self.category = category
        self._judge = judge
        self._reason_judge = reason_judge or getattr(judge, "reason", None)
        self._traces = Traces(reset or reset_from_environment())
        self._connection: Connection | None = None
        self._unscored = ""
        common.setdefault("split", "test")
        picture = common.pop("render_mode", None)
        super().__init__(category=category, early_stop=early_stop, **common)
        if picture is not None and picture not in self.metadata["render_modes"]:
            raise BadOption(f"render_mode has no value {picture!r}")
        self.render_mode = picture
        check_form(format)
        self._format: Form = format

    def _open_tasks(self) -> TaskSet:
        ids = self._ids
        if isinstance(ids, (str, os.PathLike)):
            ids = read_ids(os.fspath(ids))
        configs = load_configs(self.data)
        if ids is not None:
            known = set(ids)
            configs = [config for config in configs if config.task_id in known]
        addresses = self.deployment.addresses
        filled = [config.filled(addresses) for config in configs]
        return OriginalTasks(filled, ids=ids, category=self.category, split=self.split)

    def _task_name(self, task: Task) -> str:
        category = task.payload["category"]
        return f"{self.family}.{category}" if category else self.family

    def _begin(self, task: Task) -> str:
        config: Config = task.payload["config"]
        if self._episode is not None:
            self._episode.browser.close()
            self._episode = None
        self._connection = shared_connection(self.deployment)
        self._unscored = ""
        self._traces.begin(config)
        browser = RemoteBrowser(self._connection, config.login, form=self._format)
        try:
            browser.open(list(config.start))
            if self.parity:
                localise = self.deployment.addresses.local
                self._episode = OriginalEpisode(browser, task.goal, localise)
            else:
                self._episode = Episode(browser, task.goal)
            self._repeated = EarlyStop()
            # The original's first observation has no template around it.
            return browser.observe().text if self.parity else self._episode.text()
        except BaseException:
            browser.close()
            self._episode = None
            raise

    def _act(self, action: str) -> Outcome:
        episode = self._episode
        assert episode is not None
        try:
            done, error = self._read(episode, action)
            if done is None:
                episode.error = error
            else:
                self._do(episode, done)
            if self._early_stop and (done is None or done.kind != "stop"):
                reason = self._repeated.after(done)
                if reason:
                    done = answer(reason)
                    self._do(episode, done)
            if done is None:
                text = error if self.parity else episode.text()
                return Outcome(text, invalid=True)
            if done.kind == "stop":
                return self._stop(episode, done.text)
            executed = float(self.parity and not episode.error)
            return Outcome(
                episode.text(), executed, invalid=bool(episode.error), score=0.0
            )
        except BrowserLost as lost:
            return Outcome(str(lost), truncated=True, reason="crash")

    def _do(self, episode: Episode, action: Action) -> None:
        """Do an action, but for a stop, and note how it went."""
        element = ""
        if action.kind in ("click", "hover", "type"):
            element = episode.browser.describe(action.number)
        episode.previous = tell(action, element)
        is_stop = action.kind == "stop"
        episode.error = "" if is_stop else episode.browser.act(action)

    def _read(self, episode: Episode, reply: str) -> tuple[Action | None, str]:
        try:
            return episode.read(reply), ""
        except Unreadable as error:
            return None, str(error)

    def _stop(self, episode: Episode, answer: str) -> Outcome:
        text = episode.text()
        config: Config = self.task.payload["config"]
        browser = episode.browser
        assert isinstance(browser, RemoteBrowser)
        evaluator = Evaluator(
            config,
            strict=not self.parity,
            judge=self._judge,
            reason_judge=self._reason_judge,
            shop=self._shop(config),
        )
        try:
            value, self._unscored = evaluator.score(answer, browser.page())
        except ServiceUnavailable as error:
            value, self._unscored = 0.0, str(error)
        if self._unscored:
            return Outcome(text, 0.0, done=True, reason=UNSCORED)
        return Outcome(text, value, done=True, success=value == 1.0)

    def _shop(self, config: Config) -> RestShop | None:
        if not any(name.startswith("shopping") for name in config.helpers):
            return None
        address = self.deployment.addresses["shopping"]
        return RestShop(address, *self.deployment.logins.get("shopping_admin", ()))

    def _family_info(self) -> dict[str, Any]:
        return {
            **super()._family_info(),
            "sites": list(self.task.payload["sites"]) if self._task else [],
            "unscored": self._unscored,
        }

    def reset_sites(self) -> None:
        """Bring the sites back to where they started.

        Raises:
            BadOption: if there is no way to do that.
            ServiceUnavailable: if it fails.
        """
        if not self._traces.reset():
            raise BadOption(
                "nothing says how the sites are reset: set $WA_FULL_RESET, or give "
                "reset=function"
            )
        shared_connection(self.deployment).forget()

    def snapshot(self) -> bytes:
        """Refuse: what happens on a deployment can't be put into bytes."""
        raise SnapshotError("a deployment has no snapshots; the embedded sites have")

    def _resume(self, task: Task, state: Any) -> None:
        raise SnapshotError("a deployment takes up no snapshots; the embedded sites do")
