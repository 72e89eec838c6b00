"""Whole episodes for TRL's GRPO, as the tokens that they were."""

from __future__ import annotations

import math

import gymnasium
import pytest

from agentgym_envs.errors import BadOption

torch = pytest.importorskip("torch")
pytest.importorskip("trl")
pytest.importorskip("datasets")

from datasets import Dataset  # noqa: E402
from trl import GRPOConfig, GRPOTrainer  # noqa: E402
from warm_start import pretrain, small  # noqa: E402

from agentgym_policies.chat import ChatTokens  # noqa: E402
from agentgym_policies.prompts import Prompt  # noqa: E402
from agentgym_policies.tiny import build_tokenizer, game_texts  # noqa: E402
from agentgym_trainers.trl_rollout import make_trl_rollout  # noqa: E402

pytestmark = pytest.mark.slow

ENVS = ["agentgym/Maze-v0", "agentgym/Wordle-v0"]
HOW = {"action_format": "text", "prompt": Prompt(system=""), "max_new_tokens": 8}


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    torch.set_num_threads(1)
    monkeypatch.setenv("TRL_EXPERIMENTAL_SILENCE", "1")


@pytest.fixture(scope="module")
def tokenizer():
    return build_tokenizer(game_texts(ENVS, items=8), vocab_size=400)


def sequences(tokenizer, env_id, items):
    """Episodes of an expert, and which of their tokens are the expert's."""
    chat = ChatTokens(tokenizer)
    env = gymnasium.make(env_id)
    for item in range(items):
        text, _ = env.reset(options={"item": item})
        ids, mask = [*chat.opening("", text)], []
        mask += [0] * len(ids)
        while not env.unwrapped.is_over:
            reply = chat.reply(env.unwrapped.expert_action())
            text, *_ = env.step(env.unwrapped.expert_action())
            answer = chat.answer(text, reply[-1])
            ids += [*reply, *answer]
            mask += [1] * len(reply) + [0] * len(answer)
        yield ids[:512], mask[:512]


def trainer_of(model, tokenizer, rollout, folder, *, items=8, **options):
    config = {
        "output_dir": str(folder),
        "max_steps": 20,
        "per_device_train_batch_size": 8,
        "num_generations": 4,
        "max_completion_length": 240,
        "learning_rate": 1e-3,
        "report_to": "none",
        "use_cpu": True,
        "bf16": False,
        "gradient_checkpointing": False,
        "logging_steps": 1,
        "save_strategy": "no",
        "disable_tqdm": True,
        "seed": 3,
    }
    return GRPOTrainer(
        model,
        rollout.reward,
        args=GRPOConfig(**(config | options)),
        train_dataset=Dataset.from_list(rollout.rows(items=items)),
        processing_class=tokenizer,
        rollout_func=rollout,
    )


def test_grpo_trains_on_two_families_for_twenty_steps(tokenizer, tmp_path):
    model = small(tokenizer)
    read = [s for env_id in ENVS for s in sequences(tokenizer, env_id, 12)]
    pretrain(model, read, steps=50)
    before = [weight.clone() for weight in model.parameters()]
    rollout = make_trl_rollout(ENVS, horizon=5, **HOW)
    told = []

    class Watched(type(rollout)):
        def __call__(self, prompts, trainer):
            told.append((list(prompts), super().__call__(prompts, trainer)))
            check_tokens(told[-1][1], trainer.model)
            return told[-1][1]

    watched = Watched(**{name: getattr(rollout, name) for name in vars(rollout)})
    trainer = trainer_of(model, tokenizer, watched, tmp_path)
    trainer.train()
    assert trainer.state.global_step == 20
    log = [entry for entry in trainer.state.log_history if "reward" in entry]
    assert len(log) == 20 and all(math.isfinite(entry["loss"]) for entry in log)
    changed = zip(model.parameters(), before, strict=True)
    assert any(not torch.equal(now, then) for now, then in changed)
    played = {name for prompts, _ in told for name in prompts}
    assert {name.partition(" ")[0] for name in played} == set(ENVS)
    scores = [score for _, output in told for score in output["score"]]
    assert 0 < sum(scores) < len(scores)
    assert any(entry["reward_std"] > 0 for entry in log)


def check_tokens(output, model):
    """The log-probabilities are the model's own, and only its tokens have them."""
    for prompt, completion, logprobs, mask in zip(
        *(output[k] for k in ("prompt_ids", "completion_ids", "logprobs", "env_mask")),
        strict=True,
    ):
        assert len(completion) == len(logprobs) == len(mask) <= 240
        assert mask[0] == mask[-1] == 1
        with torch.no_grad():
            logits = model(torch.tensor([prompt + completion])).logits[0, :-1]
        own = logits.log_softmax(-1)[len(prompt) - 1 :]
        own = own.gather(-1, torch.tensor(completion)[:, None])[:, 0]
        for value, logprob, is_own in zip(own.tolist(), logprobs, mask, strict=True):
            assert logprob == pytest.approx(value if is_own else 0.0, abs=1e-3)


def test_an_episode_is_its_conversation_token_for_token(tokenizer, tmp_path):
    rollout = make_trl_rollout(ENVS, horizon=3, **HOW)
    trainer = trainer_of(
        small(tokenizer), tokenizer, rollout, tmp_path, max_completion_length=400
    )
    prompts = [row["prompt"] for row in rollout.rows(items=2)]
    output = rollout(prompts, trainer)
    assert output == rollout(prompts, trainer)  # the same seed, the same episodes
    assert output["item_id"] == [prompt.split()[1] for prompt in prompts]
    chat = ChatTokens(tokenizer)
    for row, prompt in enumerate(prompts):
        env_id, item = prompt.split()
        env = gymnasium.make(env_id, horizon=3)
        text, _ = env.reset(options={"item": item})
        assert output["prompt_ids"][row] == list(chat.opening("", text))
        ids, mask = output["completion_ids"][row], output["env_mask"][row]
        place = 0
        while not env.unwrapped.is_over:
            end = next(i for i in range(place, len(mask) + 1) if mask[i : i + 1] != [1])
            reply = ids[place:end]
            said = tokenizer.decode(reply, skip_special_tokens=True).strip()
            text, *_, info = env.step(said)
            place = end
            if not env.unwrapped.is_over:
                answer = list(chat.answer(text, reply[-1]))
                assert ids[end : end + len(answer)] == answer
                assert mask[end : end + len(answer)] == [0] * len(answer)
                place += len(answer)
        assert place == len(ids)
        assert output["steps"][row] == info["steps"]
        assert output["end_reason"][row] == info["end_reason"]
        assert output["episode_reward"][row] == info["score"]
    assert rollout.reward(**output) == output["episode_reward"]


def test_an_episode_ends_where_its_tokens_have_no_room(tokenizer, tmp_path):
    rollout = make_trl_rollout(ENVS[:1], **HOW)
    trainer = trainer_of(
        small(tokenizer), tokenizer, rollout, tmp_path, max_completion_length=120
    )
    output = rollout([rollout.rows(items=1)[0]["prompt"]] * 4, trainer)
    assert set(output["end_reason"]) == {"gave_up"}
    assert all(60 < len(ids) <= 120 for ids in output["completion_ids"])
    assert output["episode_reward"] == [0.0] * 4


def test_a_crash_is_no_reward_of_zero(tokenizer, tmp_path, monkeypatch):
    rollout = make_trl_rollout(ENVS[:1], **HOW)
    trainer = trainer_of(small(tokenizer), tokenizer, rollout, tmp_path)
    from agentgym_envs.maze.env import MazeEnv

    monkeypatch.setattr(MazeEnv, "_act", lambda self, action: 1 / 0)
    output = rollout([rollout.rows(items=1)[0]["prompt"]], trainer)
    assert output["episode_reward"] == [None]
    assert output["end_reason"] == ["crash"]
    assert output["env_mask"] == [[0]]


def test_mistakes_of_the_caller_raise(tokenizer, tmp_path):
    with pytest.raises(BadOption, match="one conversation"):
        make_trl_rollout(ENVS, prompt=Prompt(turns=2))
    with pytest.raises(BadOption, match="a list of ids"):
        make_trl_rollout("agentgym/Maze-v0")
    with pytest.raises(BadOption, match="reward must be one of"):
        make_trl_rollout(ENVS, reward="money")
    with pytest.raises(gymnasium.error.NameNotFound):
        make_trl_rollout(["agentgym/Mase-v0"])
    rollout = make_trl_rollout(ENVS, **(HOW | {"max_new_tokens": 500}))
    trainer = trainer_of(small(tokenizer), tokenizer, rollout, tmp_path)
    with pytest.raises(BadOption, match="raise max_completion_length"):
        rollout([rollout.rows(items=1)[0]["prompt"]], trainer)
    with pytest.raises(BadOption, match="use rows"):
        rollout(["Find the exit!"], trainer)
    with pytest.raises(BadOption, match="can't be begun"):
        make_trl_rollout(ENVS, **HOW)([f"{ENVS[0]} mouse_3"], trainer)
