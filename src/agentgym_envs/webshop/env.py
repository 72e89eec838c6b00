"""The WebShop environment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Unpack

from agentgym_envs.env import AgentEnv, CommonOptions
from agentgym_envs.errors import BadOption
from agentgym_envs.outcome import Outcome
from agentgym_envs.schema import function
from agentgym_envs.tasks import Task, TaskSet
from agentgym_envs.webshop import HORIZON, PRODUCTS
from agentgym_envs.webshop.drawing import draw
from agentgym_envs.webshop.engine import (
    DRAWS,
    KINDS,
    NO_ROW,
    Visit,
    page_of,
    step,
)
from agentgym_envs.webshop.expert import next_action, visible
from agentgym_envs.webshop.goals import plain
from agentgym_envs.webshop.pages import TABS
from agentgym_envs.webshop.shop import (
    RANDOM,
    Errand,
    ServerError,
    ShopOptions,
    open_shop,
)
from agentgym_envs.webshop.tasks import WebShopTasks

GoalMode = Literal["agentgym", "upstream"]

NOTHING_THERE = (
    "Nothing happens: write search[keywords], or click[value] with a value that the "
    "page has."
)
ORIGINAL_SIZES = (100, 1000, 100_000, None)
SEARCH_LIMIT = 50

INSTRUCTIONS = """\
You shop for a person on a web site. Each page begins with the person's instruction; \
buy the product that fits it best, with the options that it names and below its price \
limit.

What you see is the text of a page, its parts separated by [SEP]. Write exactly one \
action at a time, in one of these forms:
- search[keywords]: searches the shop; this works on every page
- click[value]: clicks on a button, a product or an option of the page that you see

What can be clicked on:
- Search results: Back to Search, Next >, < Prev, and the products by their codes, \
such as click[B07XYZ1234]. Each product is told by code, title and price.
- A product's page: the values of its options, which are listed by group before its \
title; Description, Features and Reviews, which show more about it; < Prev, Back to \
Search, and Buy Now. Clicking on an option chooses it, although the page looks the \
same then; clicking on another one of the same group replaces it. Going back to the \
results forgets what was chosen.
- Description, Features and Reviews: < Prev leads back to the product.

Upper and lower case make no difference in values. An action that the page does not \
have changes nothing and costs a step. click[Buy Now] ends the task, and it is judged \
how well what you bought fits the instruction."""

ACTION_SCHEMA = [
    function(
        "search",
        "Search the shop.",
        "search[{keywords}]",
        keywords={"type": "string", "description": "Words to search for."},
    ),
    function(
        "click",
        "Click on something on the page.",
        "click[{item}]",
        item={
            "type": "string",
            "description": "A button, a product's code, or the value of an option.",
        },
    ),
]


class WebShopEnv(AgentEnv):
    """Find and buy a product that a person describes.

    ## Observations
    The text of a page, its parts joined by ` [SEP] `, beginning with the instruction:
    the front page, results (code, title and price of ten products a page), a product
    with its options, its description and features, and the receipt.

    ## Actions
    | Form | Effect |
    |---|---|
    | `search[green tea]` | shows what fits best, at most 50 products; on every page |
    | `click[b09xyz1234]` | opens a product of the results |
    | `click[red]` | chooses an option of the product |
    | `click[next >]`, `click[< prev]` | turns pages; from a product, goes back |
    | `click[description]`, `click[features]`, `click[reviews]` | tells more |
    | `click[back to search]` | goes to the front page |
    | `click[buy now]` | buys the product with the chosen options |

    Values may be in upper or lower case. Whatever is not on the page does nothing, and
    shows the page again after a note that says so (with `parity=True`, without).
    `search[<q> green tea]` lists all products of a kind of
    thing, `search[<c> grocery]` those of a category, `search[<r>]` 50 random ones.
    `admissible_actions()` lists all clicks; since a search takes any words, on the
    front page it lists just one, for the words of the instruction.

    ## Rewards
    For buying, from 0.0 to 1.0: the share of attributes, options and price limit that
    the product fulfils, times how far it is the right kind of product. Else 0.0.

    ## Episode end
    Terminates with the purchase, successfully if it earns 1.0. Truncates after 10
    steps.

    ## Keywords
    | Keyword | Meaning |
    |---|---|
    | `num_products=1000` | how many products the shop has; `None`: all of the data |
    | `human_goals=False` | `True`: instructions by people, not made from attributes |
    | `human_goal_mode="agentgym"` | up to four goals per human instruction, with \
different price limits; `"upstream"`: one, as in WebShop itself |
    | `price_seed=0` | what the prices of products with a price range are drawn by |
    | `noun_fn="alnum"` | which words of titles count as nouns in the reward: all; \
or those that a spaCy model finds: `"spacy:en_core_web_lg"` is AgentGym's |
    | `show_attrs=False` | `True`: products have a page with their attributes |
    | `search_limit=50` | the most products that a search finds |

    ## Infos
    `available_actions: dict` with `has_search_bar: bool` and `clickables: list[str]`;
    `goal: dict` with `instruction_text`, `asin`, `name`, `query`, `category`,
    `product_category`, `attributes`, `goal_options` and `price_upper`. After a
    purchase also the parts of its reward: `r_type`, `query_match`, `category_match`,
    `title_score`, `r_att`, `w_att`, `r_price`, `w_price` and, if options are wanted,
    `r_option`, `w_option`.

    ## Data
    A generated catalogue of any size, in five categories. Every product with an
    instruction gives a goal for each combination of its options, and `webshop_N` is
    number N after the original's shuffle. The goals of one product in ten are for
    testing; no product has goals in both splits. `data=PATH` reads the published
    files: a folder with `items_shuffle.json`, `items_ins_v2.json` (or both with
    `_1000`) and `items_human_ins.json`. Where AgentGym's `webshop_train.json` or
    `webshop_test.json` lie beside them, these items are played. With WebShop's full
    data and its human goals (`human_goal_mode="upstream"`) the splits are its own: 0
    to 499 for testing, 1500 and up for training. The prepared catalogue is kept in
    the cache folder.

    ## Expert
    It searches for the title of the product that the goal was made for, opens it,
    chooses the options and buys; that takes 3 to 6 steps and wins every goal of the
    embedded catalogue. Where no purchase earns 1.0, as may be with other data, it
    raises `NoExpertAction` and says why: an option may have the name of a button, or
    the reward may take a part of a word for a colour, such as `light` in `starlight
    white`, and so miss the option.

    ## Parity
    `parity=True` is AgentGym's server. After the purchase the shop stays open, and
    another purchase pays again. Item -1 is the last one. A reset without an item draws
    by the original's weights, by which rare attributes count more, and its error, by
    which each goal has the weight of the one before. `search[<a> ...]`, `search[<c>]`
    and `search[<r>]` in a shop of less than 50 products are answered with `Internal
    Server Error`; by default the first two are searches for words, and the third
    shows all products. `num_products` must be 100, 1000, 100000 or None. The original
    draws the prices of products with a range anew in each process, and so their
    limits; here, `price_seed` fixes them.

    ## Source
    WebShop (Yao et al., arXiv 2207.01206), served by AgentGym (Xi et al.,
    arXiv 2406.04151).

    ## Version history
    - v0: first release
    """

    family = "WebShop"
    default_horizon = HORIZON
    state_type = Visit
    original_plays_on = True
    max_observation = 2**18  # characters; some real descriptions are very long

    _state: Visit
    _errand: Errand
    _parts: Mapping[str, Any] = {}

    def __init__(
        self,
        *,
        num_products: int | None = PRODUCTS,
        human_goals: bool = False,
        human_goal_mode: GoalMode = "agentgym",
        price_seed: int = 0,
        noun_fn: str = "alnum",
        show_attrs: bool = False,
        search_limit: int = SEARCH_LIMIT,
        **common: Unpack[CommonOptions],
    ) -> None:
        for name, value in (("human_goals", human_goals), ("show_attrs", show_attrs)):
            if type(value) is not bool:
                raise BadOption(f"{name} must be True or False, not {value!r:.80}")
        if human_goal_mode not in ("agentgym", "upstream"):
            raise BadOption(
                f"human_goal_mode must be 'agentgym' or 'upstream', "
                f"not {human_goal_mode!r:.80}"
            )
        if type(price_seed) is not int:
            raise BadOption(f"price_seed must be an int, not {price_seed!r:.80}")
        _check_count("search_limit", search_limit)
        if num_products is not None:
            _check_count("num_products", num_products)
        elif common.get("data") is None:
            raise BadOption("num_products must be an int where there is no data")
        if common.get("parity") is True and num_products not in ORIGINAL_SIZES:
            raise BadOption(
                "num_products must be one of 100, 1000, 100000 and None, as in the "
                f"original, not {num_products}"
            )
        rules = {
            "num_products": num_products,
            "goals": human_goal_mode if human_goals else "synthetic",
            "price_seed": price_seed,
            "noun_fn": noun_fn,
            "show_attrs": show_attrs,
            "search_limit": search_limit,
        }
        self._own: dict[str, Any] = rules
        super().__init__(rules=rules, **common)

    def _open_tasks(self) -> TaskSet:
        data = self.data and self.data.resolve()
        self._shop = open_shop(ShopOptions(data=data, parity=self.parity, **self._own))
        self._items = WebShopTasks(self._shop, split=self.split, negative=self.parity)
        return self._items

    def _pick(self, options: Mapping[str, Any]) -> Task:
        if self.parity and options.get("item") is None:
            return self._items.draw(self.np_random.random())
        return super()._pick(options)

    def _begin(self, task: Task) -> str:
        self._take_up(task, Visit())
        return self._errand.front

    def _take_up(self, task: Task, visit: Visit) -> None:
        self._number: int = task.payload["goal"]
        self._errand = self._shop.errand(self._number)
        self._state = visit
        self._parts = {}

    def _forget_last(self) -> None:
        self._parts = {}

    def _draw(self) -> int:
        return int(self.np_random.integers(DRAWS.start, DRAWS.stop))

    def _act(self, action: str) -> Outcome:
        outcome, self._parts = step(
            self._shop, self._errand, self._state, action, self._draw
        )
        if outcome.invalid and not self.parity:
            return outcome._replace(text=f"{NOTHING_THERE} [SEP] {outcome.text}")
        return outcome

    def _family_info(self) -> dict[str, Any]:
        visit, goal = self._state, self._errand.goal
        product = goal.product
        return {
            "available_actions": {
                "has_search_bar": visit.kind == "front",
                "clickables": list(page_of(self._shop, visit).clickables),
            },
            "goal": {
                "instruction_text": goal.instruction,
                "asin": product.asin,
                "name": product.title,
                "query": product.query,
                "category": product.category,
                "product_category": product.product_category,
                "attributes": list(goal.attributes),
                "goal_options": goal.option_texts(),
                "price_upper": goal.price_upper,
            },
            **self._parts,
        }

    def _resume(self, task: Task, state: Visit) -> None:
        _check(state, len(self._shop))
        if state.has_failed and not self.parity:
            raise ValueError("only the original's server fails")
        try:
            page_of(self._shop, state)
        except ServerError:
            raise ValueError("no search shows such a page") from None
        if state.options:
            groups = self._shop.item(state.row).groups
            for group, value in state.options.items():
                if groups.get(value) != group:
                    raise ValueError(f"the product has no option {value!r:.40}")
        self._take_up(task, state)

    @property
    def instructions(self) -> str:
        """The rules of the game, for a model's system prompt."""
        return INSTRUCTIONS

    @property
    def action_schema(self) -> list[dict[str, Any]]:
        """Two functions, ``search`` and ``click``."""
        return ACTION_SCHEMA

    def _admissible_actions(self) -> list[str]:
        clicks = visible(self._shop, self._state)
        return clicks or [f"search[{plain(self.goal)}]"]

    def _expert_action(self) -> str:
        return next_action(self._shop, self._number, self._state)

    def _ansi(self, *, colour: bool) -> str:
        return draw(self._shop, self._state, self.goal, colour=colour)


def _check_count(name: str, value: object) -> None:
    if type(value) is not int or value < 1:
        raise BadOption(f"{name} must be a positive int, not {value!r:.80}")


def _check(visit: Visit, products: int) -> None:
    """Refuse a state that no visit can be in."""
    if visit.kind not in KINDS:
        raise ValueError(f"there is no page {visit.kind!r:.40}")
    has_product = visit.kind in ("item", "tab", "done")
    if not (0 <= visit.row < products if has_product else visit.row == NO_ROW):
        raise ValueError(f"there is no product {visit.row}")
    if visit.options and not has_product:
        raise ValueError("options are chosen for a product")
    if visit.kind == "front":
        if visit != Visit():
            raise ValueError("the front page knows nothing of earlier ones")
        return
    if (
        visit.number < 1
        or not visit.keywords
        or visit.keywords != visit.keywords.lower()
    ):
        raise ValueError("there are no such results")
    is_random = visit.keywords.split(" ", 1)[0] == RANDOM
    if is_random != (visit.draw in DRAWS) or not (is_random or visit.draw == 0):
        raise ValueError("these results can't be drawn")
    if (visit.kind == "tab") != (visit.tab in TABS):
        raise ValueError(f"there is no page {visit.tab!r:.40}")
    if visit.is_lost and not (visit.has_failed and visit.kind in ("item", "tab")):
        raise ValueError("the server has not forgotten this page")
    if not (0.0 <= visit.reward <= 1.0 if visit.kind == "done" else not visit.reward):
        raise ValueError(f"no purchase earns {visit.reward}")
