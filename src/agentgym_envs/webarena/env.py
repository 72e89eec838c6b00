"""The WebArena environment."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from itertools import count, takewhile
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Unpack

import numpy as np
from numpy.typing import NDArray

from agentgym_envs.env import AgentEnv, CommonOptions
from agentgym_envs.errors import (
    BadOption,
    MissingExtra,
    NoExpertAction,
    ResetNeeded,
    SnapshotError,
)
from agentgym_envs.outcome import Outcome
from agentgym_envs.schema import function
from agentgym_envs.tasks import Task, TaskSet
from agentgym_envs.webarena import CATEGORIES, HORIZON
from agentgym_envs.webarena.actions import tell
from agentgym_envs.webarena.checks import is_done
from agentgym_envs.webarena.chromium.tree import Form, check_form
from agentgym_envs.webarena.early import EarlyStop, answer
from agentgym_envs.webarena.episode import NOTHING, Episode
from agentgym_envs.webarena.expert import Expert
from agentgym_envs.webarena.interface import Browser, BrowserLost
from agentgym_envs.webarena.original.episode import OriginalEpisode
from agentgym_envs.webarena.sites.embedded import SIGNED_IN, embedded_sites
from agentgym_envs.webarena.sites.world import PageCache, World
from agentgym_envs.webarena.tasks import WebArenaTasks
from agentgym_envs.webarena.text.browser import TextBrowser
from agentgym_envs.webarena.text.state import BrowserState, state_of, take_up

if TYPE_CHECKING:
    from agentgym_envs.webarena.chromium.browser import ChromiumBrowser
    from agentgym_envs.webarena.doorway import Doorway

Backend = Literal["text", "chromium"]
BACKENDS = ("text", "chromium")
CACHE = PageCache()  # shared by all environments of a process
MAX_REPLY = 2**16  # characters; an action may come with the thoughts before it

INSTRUCTIONS = """\
You work in a web browser and have to do what the objective says.

You see the open tabs, and the current page as a tree: a line is [number] role 'name' \
and properties. Only what the window shows is listed; scroll for more. Write exactly \
one action at a time, between triple backticks:

- ```click [number]```: clicks on an element
- ```type [number] [text] [1]```: types into a field, behind what is there already, \
and presses Enter; with [0] at the end it doesn't. On a list (combobox) it chooses the \
entry
- ```hover [number]```: moves the mouse there
- ```press [key]```: a key for what has the focus: Enter, Tab, Shift+Tab, Backspace, \
Delete, ArrowLeft, ArrowRight, Home, End, Space, Ctrl+a, or a character
- ```scroll [down]``` or ```scroll [up]```: by one window
- ```goto [url]```: opens an address
- ```go_back``` and ```go_forward```
- ```new_tab```, ```close_tab``` and ```tab_focus [number]```: the first tab is 0
- ```stop [answer]```: ends the task; give the answer if one is asked for

Numbers change from one page to the next. Nothing counts before you stop.

You are signed in to the sites. If a task can't be done, stop with N/A and the reason: \
```stop [N/A NOT_FOUND]``` if what it speaks of isn't there, \
```stop [N/A NOT_ALLOWED]``` if the site lets nobody do it, \
```stop [N/A PERMISSION_DENIED]``` if it doesn't let your account do it."""

_NUMBER = {"type": "integer", "minimum": 1, "description": "The number of the element."}
ACTION_SCHEMA = [
    function(
        "click", "Click on an element.", "```click [{element}]```", element=_NUMBER
    ),
    function(
        "type",
        "Type into a field behind what is there, or choose an entry of a list.",
        "```type [{element}] [{text}] [{enter}]```",
        element=_NUMBER,
        text={"type": "string"},
        enter={
            "type": "integer",
            "enum": [0, 1],
            "default": 1,
            "description": "Whether to press Enter afterwards.",
        },
    ),
    function(
        "hover",
        "Move the mouse to an element.",
        "```hover [{element}]```",
        element=_NUMBER,
    ),
    function(
        "press",
        "Press a key or a combination of keys.",
        "```press [{keys}]```",
        keys={"type": "string", "description": "For example Enter or Shift+Tab."},
    ),
    function(
        "scroll",
        "Scroll by one window.",
        "```scroll [{direction}]```",
        direction={"type": "string", "enum": ["up", "down"]},
    ),
    function("goto", "Open an address.", "```goto [{url}]```", url={"type": "string"}),
    function("go_back", "Go back in the history.", "```go_back```"),
    function("go_forward", "Go forward in the history.", "```go_forward```"),
    function("new_tab", "Open an empty tab.", "```new_tab```"),
    function(
        "tab_focus",
        "Show a tab.",
        "```tab_focus [{tab}]```",
        tab={"type": "integer", "minimum": 0},
    ),
    function("close_tab", "Close the tab.", "```close_tab```"),
    function(
        "stop",
        "End the task.",
        "```stop [{answer}]```",
        answer={"type": "string", "default": ""},
    ),
]


@dataclass(slots=True)
class State:
    """All that an episode is in."""

    browser: BrowserState = field(default_factory=BrowserState)
    previous: str = NOTHING
    error: str = ""
    repeated: EarlyStop = field(default_factory=EarlyStop)


class WebArenaEnv(AgentEnv):
    """Do what somebody asks, on real web sites.

    ## Observations
    The open tabs, the part of the page that the window shows as a tree, the address,
    the objective and the previous action; an error of that action comes at the end.

    ## Actions
    Between triple backticks, or bare:

    | Form | Effect |
    |---|---|
    | `click [7]` | clicks on element 7 |
    | `type [7] [green tea] [1]` | types behind what is there; 1: and presses Enter |
    | `hover [7]` | moves the mouse |
    | `press [Shift+Tab]` | presses keys |
    | `scroll [down]` | scrolls by a window |
    | `goto [http://onestopmarket.com/]` | opens an address of the sites |
    | `go_back`, `go_forward` | walks through the history |
    | `new_tab`, `tab_focus [1]`, `close_tab` | opens, shows and closes tabs |
    | `stop [answer]` | ends the task |

    ## Rewards
    1.0 at the stop if the task is done, else 0.0.

    ## Episode end
    Terminates with `stop`. Truncates after 25 actions.

    ## Keywords
    | Keyword | Meaning |
    |---|---|
    | `backend="text"` | `"chromium"` shows the same pages in a real browser |
    | `category=""` | items of one category only |
    | `page_cache=True` | whether environments of a process share pages |
    | `executable_path=None` | the browser of `backend="chromium"` |
    | `format="canonical"` | `"raw"`, in a browser, prints its tree with the browser's \
own numbers, roles and properties, as the original does; they differ between versions \
and runs, and the expert can't read them |
    | `early_stop=False` | ends where the original's runner gives up: after the third \
unreadable reply in a row, the third equal action in a row, or the third time that \
something is typed into the same element. The answer is then `Early stop: <reason>` |

    ## Infos
    `url: str` of the current tab, `tabs: list[str]` with the titles of all,
    `fail_error: str`: what was wrong with the last action, empty if nothing was.

    ## Data
    640 tasks of 80 templates on seven sites: a shop, its back office, a forum, a forge,
    a map, a wiki and a home page; some need two of them, and some can't be done, for
    which the answer is N/A with the reason. Answers and checks are computed from the
    sites' databases. All tasks of a template are for training, or all are for testing.
    The databases are generated once per process and copied for each episode.

    ## Expert
    Does the steps of the task's template, by roles and names, scrolling where it must;
    goes on from any page, half filled forms and sign-outs included, as long as nothing
    was changed that the task doesn't ask for.

    ## Parity
    With `parity=True`, replies are read to the letter of the original (only between
    triple backticks; its quirks with brackets; no characters that its table of keys
    lacks), an unreadable one gets the bare error, other errors are told in
    `info["fail_error"]` only, the first observation is the tree alone, and each action
    that could be done is rewarded with 1.0.

    ## Source
    WebArena (Zhou et al., arXiv 2307.13854), served by AgentGym (Xi et al.,
    arXiv 2406.04151). Sites, texts and tasks are our own.

    ## Version history
    - v0: first release
    """

    metadata: ClassVar[dict[str, Any]] = {  # type: ignore[misc]  # Env lacks ClassVar
        "render_modes": ["ansi", "human", "rgb_array"],
        "render_fps": 4,
    }
    family = "WebArena"
    default_horizon = HORIZON
    state_type = State
    max_action: ClassVar[int] = MAX_REPLY

    def __init__(
        self,
        *,
        backend: Backend = "text",
        category: str = "",
        page_cache: bool = True,
        executable_path: str | None = None,
        format: Form = "canonical",
        early_stop: bool = False,
        **common: Unpack[CommonOptions],
    ) -> None:
        if backend not in BACKENDS:
            raise BadOption(
                f"backend must be one of {', '.join(BACKENDS)}, not {backend!r}"
            )
        if category and category not in CATEGORIES:
            raise BadOption(
                f"category must be one of {', '.join(CATEGORIES)}, not {category!r}"
            )
        check_form(format)
        if format == "raw" and backend == "text":
            raise BadOption("format='raw' is what a browser prints: backend='chromium'")
        if common.get("render_mode") == "rgb_array" and backend != "chromium":
            raise BadOption("only backend='chromium' has pictures of its pages")
        if backend == "text":
            modes = {"render_modes": ["ansi", "human"]}
            # A plain attribute in Gymnasium, which envs may have of their own.
            self.metadata = {**self.metadata, **modes}  # type: ignore[misc]
        self.backend = backend
        self.category = category
        self._cache = CACHE if page_cache else None
        self._executable_path = executable_path
        self._format: Form = format
        self._early_stop = early_stop
        self._repeated = EarlyStop()
        self._episode: Episode | None = None
        self._expert: tuple[str, Expert] | None = None  # with the item it is for
        rules = {"category": category, "early_stop": early_stop}
        super().__init__(rules=rules, **common)

    def _open_tasks(self) -> TaskSet:
        return WebArenaTasks(split=self.split, category=self.category)

    def _task_name(self, task: Task) -> str:
        category: str = task.payload["category"]
        return category

    def _begin(self, task: Task) -> str:
        browser = self._open_browser()
        browser.open(list(task.payload["start"]))
        self._repeated = EarlyStop()
        self._episode = self._new_episode(browser, task)
        # The original's first observation has no template around it.
        return browser.observe().text if self.parity else self._episode.text()

    def _new_episode(self, browser: Browser, task: Task) -> Episode:
        kind = OriginalEpisode if self.parity else Episode
        return kind(browser, task.goal)

    def _open_browser(self) -> Browser:
        if self._episode is not None:
            self._episode.browser.close()
            self._episode = None
        self._world = World(embedded_sites(), self._cache)
        if self.backend == "text":
            return TextBrowser(self._world, SIGNED_IN)
        return self._in_chromium(self._world, SIGNED_IN)

    def _in_chromium(self, world: World, cookies: dict[str, str]) -> ChromiumBrowser:
        from agentgym_envs.webarena.chromium.browser import (
            ChromiumBrowser,
            shared_chromium,
        )

        def opened() -> ChromiumBrowser:
            shared = shared_chromium(world.hosts, self._executable_path)
            return ChromiumBrowser(shared, world, cookies, form=self._format)

        try:
            return opened()
        except BrowserLost:
            return opened()  # it died between two episodes; the next one is new

    def _act(self, action: str) -> Outcome:
        episode = self._episode
        assert episode is not None
        try:
            done = episode.act(action)
            if done is None or done.kind != "stop":
                reason = self._repeated.after(done) if self._early_stop else ""
                if reason:
                    done = answer(reason)
                    episode.error, episode.previous = "", tell(done, "")
            if done is None:
                text = episode.error if self.parity else episode.text()
                return Outcome(text, invalid=True)
            if done.kind != "stop":
                # The original's server rewards whatever could be done.
                reward = float(self.parity and not episode.error)
                return Outcome(episode.text(), reward, invalid=bool(episode.error))
            seen = episode.browser.observe()
            check = self.task.payload["check"]
            success = is_done(check, self._world, seen.url, done.text)
            return Outcome(episode.text(), float(success), done=True, success=success)
        except BrowserLost as error:
            return Outcome(str(error), truncated=True, reason="crash")

    def _expert_action(self) -> str:
        episode, task = self._episode, self.task
        assert episode is not None
        if self._format == "raw":
            raise NoExpertAction("the expert reads canonical observations alone")
        if self._expert is None or self._expert[0] != task.id:
            expert = Expert(task.payload["start"], task.payload["steps"], self._cache)
            self._expert = task.id, expert
        action = self._expert[1].action(episode.browser, self._world, episode.previous)
        return f"```{action}```"

    @property
    def prompt(self) -> str:
        """The latest observation in the original server's template.

        Raises:
            ResetNeeded: if no episode has begun.
        """
        return self._running.text()

    @property
    def content(self) -> str:
        """The HTML of the current page, without what was typed since.

        Raises:
            ResetNeeded: if no episode has begun.
        """
        return self._running.browser.content()

    def elements(self) -> dict[int, str]:
        """The line of each element of the latest observation, without its number.

        Raises:
            ResetNeeded: if no episode has begun.
        """
        describe = self._running.browser.describe
        # They are numbered from 1 on; lines that were cleaned away count.
        numbered = ((number, describe(number)) for number in count(1))
        return dict(takewhile(lambda one: one[1], numbered))

    @property
    def text_browser(self) -> TextBrowser:
        """The browser of the episode.

        Raises:
            ResetNeeded: if no episode has begun.
            BadOption: if it is a real one.
        """
        browser = self._running.browser
        if not isinstance(browser, TextBrowser):
            raise BadOption("only the text backend's sites can be opened elsewhere")
        return browser

    def doorway(self) -> Doorway:
        """Let a person into the sites of the episode, by a browser of their own."""
        from agentgym_envs.webarena.doorway import Doorway

        return Doorway(self.text_browser)

    @property
    def _running(self) -> Episode:
        if self._episode is None:
            raise ResetNeeded("there is no episode; reset begins one")
        return self._episode

    def _family_info(self) -> dict[str, Any]:
        episode = self._episode
        assert episode is not None
        try:
            seen = episode.browser.observe()
        except BrowserLost:
            return {"url": "", "tabs": [], "fail_error": episode.error}
        return {
            "url": seen.url,
            "tabs": list(seen.titles),
            "fail_error": episode.error,
        }

    def snapshot(self) -> bytes:
        """Give the whole state of the episode; see `AgentEnv.snapshot`."""
        if self._episode is not None:
            self._state = self._state_of(self._episode)
        content = super().snapshot()
        self._state = None  # the browser goes on changing what it is made of
        return content

    def _state_of(self, episode: Episode) -> State:
        browser: Any = episode.browser
        try:
            is_text = isinstance(browser, TextBrowser)
            state = state_of(browser) if is_text else browser.state()
        except BrowserLost as error:
            raise SnapshotError(str(error)) from None
        return State(state, episode.previous, episode.error, self._repeated)

    def _resume(self, task: Task, state: State) -> None:
        world = World(embedded_sites(), self._cache)
        twin = TextBrowser(world)
        take_up(twin, state.browser)
        browser: Browser = twin
        if self.backend != "text":
            real = self._in_chromium(world, {})
            try:
                real.take_up(twin)
            except BaseException:
                real.close()
                raise
            browser = real
        if self._episode is not None:
            self._episode.browser.close()
        self._world = world
        self._episode = self._new_episode(browser, task)
        self._episode.previous, self._episode.error = state.previous, state.error
        self._repeated = state.repeated

    def __getstate__(self) -> dict[str, Any]:
        """Give what a copy or a pickle holds: no connections, and no shared pages."""
        kept = None if self._episode is None else self._state_of(self._episode)
        left_out = ("_episode", "_world", "_expert", "_cache")
        state = {k: v for k, v in self.__dict__.items() if k not in left_out}
        return {**state, "_kept": kept, "_shares": self._cache is not None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take up the episode of a copy or a pickle."""
        kept, shares = state.pop("_kept"), state.pop("_shares")
        self.__dict__.update(state)
        self._cache = CACHE if shares else None
        self._episode = self._expert = None
        if kept is not None:
            self._resume(self.task, kept)

    def _ansi(self, *, colour: bool) -> str:
        return self._episode.text() if self._episode else ""

    def _take_back(self, task: Task | None, state: Any) -> None:
        """Do nothing: what can't be taken up has changed nothing."""

    def _picture(self) -> NDArray[np.uint8]:
        try:
            from PIL import Image
        except ImportError:
            raise MissingExtra("webarena-browser", "pillow") from None
        assert self._episode is not None
        shown: Any = self._episode.browser
        picture = Image.open(io.BytesIO(shown.picture())).convert("RGB")
        return np.asarray(picture, dtype=np.uint8)

    @property
    def instructions(self) -> str:
        """The rules of the game, for a model's system prompt."""
        return INSTRUCTIONS

    @property
    def action_schema(self) -> list[dict[str, Any]]:
        """One function per kind of action."""
        return ACTION_SCHEMA

    def close(self) -> None:
        """Close the browser of the episode."""
        if self._episode is not None:
            self._episode.browser.close()
            self._episode = None
        super().close()
