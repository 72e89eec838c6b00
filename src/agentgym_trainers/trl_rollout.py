"""Episodes for TRL's ``rollout_func``: played to their end, as the tokens they were.

TRL (huggingface/trl, ``GRPOTrainer(rollout_func=...)``) hands over the prompts of its
process and the trainer, and takes the tokens of prompts and completions with the
log-probabilities of the latter. ``env_mask`` tells which tokens of a completion the
model wrote; other lists go to the reward functions, one entry per episode.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import gymnasium

from agentgym_envs import AgentEnv
from agentgym_envs.errors import BadOption, MissingExtra
from agentgym_policies.base import Action, History
from agentgym_policies.prompts import REACT, Prompt, wrap
from agentgym_policies.rollout import CRASH, Episode, make_job, rollout
from agentgym_policies.seeds import derive
from agentgym_policies.tokens import token_sequences
from agentgym_wrappers.episode import Reward, check_reward

if TYPE_CHECKING:
    from agentgym_policies.huggingface import TransformersPolicy

FULL = "the completion may have no more tokens"
REBUILT = "the model's context is full"


@dataclass(frozen=True, kw_only=True)
class TRLRollout:
    """What `make_trl_rollout` makes; see there."""

    env_ids: tuple[str, ...]
    action_format: str = REACT
    prompt: Prompt = field(default_factory=Prompt)
    reward_kind: Reward = "score"
    max_new_tokens: int = 256
    stop: tuple[str, ...] = ()
    chat_template: str | None = None
    template_options: Mapping[str, Any] = field(default_factory=dict)
    batch: int = 64
    kwargs: Mapping[str, Any] = field(default_factory=dict)

    def rows(self, items: int | None = None) -> list[dict[str, str]]:
        """Give a data set's rows; families alternate.

        TRL hands a rollout function nothing of a row but its prompt. So a prompt is
        an address here, "agentgym/Maze-v0 maze_3"; what the model reads is built when
        the episode begins.

        Args:
            items: The first so many items of each environment; None for all of its
                split.
        """
        columns = [self._addresses(env_id, items) for env_id in self.env_ids]
        longest = max(map(len, columns))
        return [
            {"prompt": column[place]}
            for place in range(longest)
            for column in columns
            if place < len(column)
        ]

    def _addresses(self, env_id: str, items: int | None) -> list[str]:
        env = gymnasium.make(env_id, **self.kwargs)
        agent = env.unwrapped
        assert isinstance(agent, AgentEnv)
        tasks = agent.tasks
        count = len(tasks) if items is None else min(items, len(tasks))
        ids = [f"{env_id} {tasks[place].id}" for place in range(count)]
        env.close()
        return ids

    def reward(self, episode_reward: Sequence[float | None], **_: Any) -> list[Any]:
        """Give the rewards of the episodes, as a reward function of TRL.

        None, which TRL leaves out of its group, for an episode that crashed.
        """
        return list(episode_reward)

    def __call__(self, prompts: Sequence[Any], trainer: Any) -> dict[str, list[Any]]:
        """Play an episode per prompt with the trainer's model.

        Raises:
            BadOption: for a prompt that `rows` has not made, or a trainer whose
                options do not fit.
        """
        wanted = [self._address(prompt) for prompt in prompts]
        played: list[Episode | None] = [None] * len(wanted)
        with _model_of(trainer) as model:
            was_training = model.training
            policy = self._policy(model, trainer)
            try:
                for env_id in dict.fromkeys(env_id for env_id, _ in wanted):
                    for episode in self._play(policy, env_id, wanted, _seed(trainer)):
                        played[episode.job.episode] = episode
            finally:
                model.train(was_training)
        told = [self._told(episode, trainer) for episode in played if episode]
        return {key: [one[key] for one in told] for key in told[0]}

    def _address(self, prompt: Any) -> tuple[str, str]:
        env_id, _, item = str(prompt).partition(" ")
        if env_id not in self.env_ids or not item:
            raise BadOption(f"{prompt!r:.80} is no prompt of this rollout; use rows()")
        return env_id, item

    def _policy(self, model: Any, trainer: Any) -> _Bounded:
        from agentgym_policies.huggingface import TransformersPolicy
        from agentgym_policies.sampling import Sampling

        args = trainer.args
        if self.max_new_tokens > args.max_completion_length:
            raise BadOption(
                f"a reply may have {self.max_new_tokens} tokens, but a completion, "
                f"which is a whole episode, only {args.max_completion_length}; raise "
                "max_completion_length"
            )
        if args.repetition_penalty != 1.0:
            raise BadOption("repetition_penalty is not applied here; leave it at 1")
        policy = TransformersPolicy(
            model,
            _tokenizer_of(trainer),
            prompt=self.prompt,
            sampling=Sampling(
                temperature=args.temperature,
                top_k=args.top_k or 0,
                top_p=args.top_p,
                min_p=args.min_p or 0.0,
            ),
            max_new_tokens=self.max_new_tokens,
            stop=self.stop,
            chat_template=self.chat_template,
            template_options=self.template_options,
            max_batch=self.batch,
        )
        return _Bounded(policy, self.max_new_tokens, args.max_completion_length)

    def _play(
        self,
        policy: _Bounded,
        env_id: str,
        wanted: Sequence[tuple[str, str]],
        seed: int,
    ) -> list[Episode]:
        jobs = [
            make_job(seed, env_id, item, place)
            for place, (theirs, item) in enumerate(wanted)
            if theirs == env_id
        ]

        def make() -> gymnasium.Env[str, str]:
            return wrap(gymnasium.make(env_id, **self.kwargs), self.action_format)

        return list(rollout(policy, make, jobs, batch=len(jobs)))

    def _told(self, episode: Episode, trainer: Any) -> dict[str, Any]:
        """What TRL is told of an episode."""
        history = episode.history
        if history is None:
            raise BadOption(f"{episode.job.item_id} can't be begun: {episode.error}")
        info = history.infos[-1]
        whole = token_sequences(history.actions)
        read = len(history.actions[0].prompt_ids) if whole else 0
        end = _tokenizer_of(trainer).eos_token_id
        return {
            "prompt_ids": whole[0].ids[:read] if whole else [end],
            # TRL wants a token at least, even where the model never came to write.
            "completion_ids": whole[0].ids[read:] if whole else [end],
            "logprobs": whole[0].logprobs[read:] if whole else [0.0],
            "env_mask": whole[0].mask[read:] if whole else [0],
            "episode_reward": self._reward_of(episode, history),
            "score": info["score"],
            "success": info["success"],
            "steps": info["steps"],
            "end_reason": episode.end_reason,
            "item_id": info["item_id"],
        }

    def _reward_of(self, episode: Episode, history: History) -> float | None:
        if episode.end_reason == CRASH:
            return None
        if self.reward_kind == "return":
            return float(sum(history.rewards))
        return float(history.infos[-1][self.reward_kind])


def make_trl_rollout(
    env_ids: Sequence[str],
    *,
    action_format: str = REACT,
    prompt: Prompt | None = None,
    reward: Reward = "score",
    max_new_tokens: int = 256,
    stop: Sequence[str] = (),
    chat_template: str | None = None,
    template_options: Mapping[str, Any] | None = None,
    batch: int = 64,
    **kwargs: Any,
) -> TRLRollout:
    """Make a ``rollout_func`` that plays whole episodes with the model in training.

    Replies are the tokens that were sampled, with their log-probabilities, and are
    never tokenised again; what the environments say is masked. An episode ends early
    where the next reply might not fit into ``max_completion_length``. ::

        rollout = make_trl_rollout(["agentgym/Maze-v0", "agentgym/TextCraft-v0"])
        GRPOTrainer(
            model, rollout.reward, rollout_func=rollout, args=config,
            train_dataset=Dataset.from_list(rollout.rows(items=200)),
        )

    Sampling is as the trainer's config has it. With vLLM, which samples elsewhere, use
    `agentgym_wrappers.make_trl_environment`.

    Args:
        env_ids: The environments; families may be mixed.
        action_format: How replies hold actions, as `agentgym_policies` names it.
        prompt: What system message there is; all turns are always told.
        reward: What `TRLRollout.reward` gives: the final ``"score"`` in [0, 1], the
            ``"return"``, which is the sum of the rewards, or ``"success"``, 0 or 1.
        max_new_tokens: The most tokens of one reply.
        stop: Texts that end a reply.
        chat_template: A template or its name; None takes the tokenizer's own.
        template_options: Variables for it.
        batch: The most conversations in one pass of the model.
        kwargs: Keywords for `gymnasium.make`.

    Raises:
        BadOption: for an argument without meaning.
    """
    check_reward(reward)
    if isinstance(env_ids, str) or not env_ids:
        raise BadOption(f"env_ids must be a list of ids, not {env_ids!r}")
    prompt = prompt or Prompt()
    if prompt.turns is not None:
        raise BadOption("a completion is one conversation: leave Prompt.turns at None")
    for env_id in env_ids:
        wrap(gymnasium.make(env_id, **kwargs), action_format).close()
    return TRLRollout(
        env_ids=tuple(env_ids),
        action_format=action_format,
        prompt=prompt,
        reward_kind=reward,
        max_new_tokens=max_new_tokens,
        stop=tuple(stop),
        chat_template=chat_template,
        template_options=dict(template_options or {}),
        batch=batch,
        kwargs=kwargs,
    )


class _Bounded:
    """A policy that ends an episode where its tokens would be too many for TRL."""

    def __init__(self, policy: TransformersPolicy, reply: int, completion: int) -> None:
        self._policy = policy
        self._reply, self._completion = reply, completion

    def act(self, histories: Sequence[History]) -> list[Action]:
        """Write a reply for each episode that has room for one."""
        fits = [history for history in histories if self._fits(history)]
        replies = iter(self._policy.act(fits) if fits else [])
        going = {id(history) for history in fits}
        return [
            _continued(history, next(replies))
            if id(history) in going
            else Action("", stop=FULL)
            for history in histories
        ]

    def _fits(self, history: History) -> bool:
        if not history.actions:
            return True
        ids = token_sequences(history.actions)[0].ids
        written = len(ids) - len(history.actions[0].prompt_ids)
        read = len(self._policy.chat.answer(history.observations[-1], ids[-1]))
        return written + read + self._reply <= self._completion


def _continued(history: History, action: Action) -> Action:
    """A reply, unless the policy had to leave turns out to write it."""
    if history.actions and action.is_fresh and not action.stop:
        return Action("", stop=REBUILT)
    return action


def _model_of(trainer: Any) -> Any:
    """The model, free of what wraps it for training, in its mode for reading."""
    try:
        from trl.models import unwrap_model_for_generation
    except ImportError as error:
        raise MissingExtra("trainers", error.name or "") from error
    if trainer.use_vllm:
        raise BadOption(
            "this rollout samples with the trainer's own model; set use_vllm=False, or "
            "use make_trl_environment"
        )
    return unwrap_model_for_generation(
        trainer.model_wrapped,
        trainer.accelerator,
        gather_deepspeed3_params=trainer.args.ds3_gather_for_generation,
        gradient_checkpointing_kwargs=trainer.args.gradient_checkpointing_kwargs,
    )


def _tokenizer_of(trainer: Any) -> Any:
    return getattr(trainer.processing_class, "tokenizer", trainer.processing_class)


def _seed(trainer: Any) -> int:
    """A seed that no other step and no other process has."""
    state = trainer.state
    # A step may generate several times, between which tokens are counted.
    when = state.global_step, int(state.num_input_tokens_seen)
    where = trainer.accelerator.process_index
    return derive(trainer.args.seed, "rollout", *when, where)
