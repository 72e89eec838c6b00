"""The loop of policy gradients: what it plays, learns, keeps, and goes on from."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("accelerate")
pytest.importorskip("transformers")

from agentgym_envs.errors import BadOption  # noqa: E402
from agentgym_policies.tiny import build_tiny_model  # noqa: E402
from agentgym_policies.tokens import READ, TokenSequence  # noqa: E402
from agentgym_trainers import policy_gradient as pg  # noqa: E402
from agentgym_trainers.adapters import Lora  # noqa: E402
from agentgym_trainers.play import Family  # noqa: E402
from agentgym_trainers.policy_gradient import PolicyGradientConfig, horizon_at  # noqa: E402

MAZE = Family(env_id="agentgym/Maze-v0", explore=(0, 12), kwargs={"distance": [1, 2]})


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("model")
    build_tiny_model(folder, [MAZE.env_id], items=3, vocab_size=400, width=64, layers=1)
    return PolicyGradientConfig(
        model=str(folder),
        families=(MAZE,),
        steps=2,
        items=2,
        group=4,
        horizons=(2,),
        learning_rate=1e-3,
        max_new_tokens=4,
        device="cpu",
    )


def weights_of(folder):
    from transformers import AutoModelForCausalLM

    state = AutoModelForCausalLM.from_pretrained(folder).state_dict()
    return torch.cat([tensor.flatten() for tensor in state.values()])


def lines_of(folder):
    return [json.loads(line) for line in (folder / "steps.jsonl").open()]


@pytest.mark.parametrize(
    "kind", ["grpo", "dr_grpo", "rloo", "loop", "reinforce++", "gae"]
)
def test_every_estimator_moves_the_weights(config, tmp_path, kind):
    wanted = replace(config, kind=kind, steps=1, reward="steps", mean="episode")
    # Steps that all earn alike teach estimators of groups nothing.
    trainer = pg._Trainer(wanted, tmp_path, None)
    rollouts, facts = trainer.play(0)
    for number, one in enumerate(rollouts):
        one.rewards = [0.0] * (len(one.rewards) - 1) + [float(number % 2)]
    before = weights_of(config.model)
    learnt = trainer.learn(0, rollouts)
    after = torch.cat(
        [t.detach().flatten() for t in trainer.model.state_dict().values()]
    )
    assert facts["episodes"] == 8 and facts["crashed"] == 0
    assert not torch.equal(before, after)
    assert (
        learnt["gap"] < 1e-3
    )  # the tokens and their probabilities are the sampled ones
    for one in rollouts:
        assert {
            a
            for a, counts in zip(one.advantages, one.tokens.mask, strict=True)
            if not counts
        } <= {0.0}


def test_better_episodes_become_likelier(config, tmp_path):
    from agentgym_trainers.losses import token_logprobs

    trainer = pg._Trainer(replace(config, learning_rate=3e-3), tmp_path, None)
    rollouts, _ = trainer.play(0)
    good = rollouts[0]
    for one in rollouts:
        one.rewards = [0.0] * (len(one.rewards) - 1) + [float(one is good)]

    def likelihood():
        ids = torch.tensor([good.tokens.ids])
        with torch.no_grad():
            found = token_logprobs(trainer.model, ids, torch.ones_like(ids))[0]
        return (found * torch.tensor([good.tokens.mask])).sum().item()

    before = likelihood()
    for step in range(3):
        trainer.learn(step, rollouts)
    assert likelihood() > before


def test_episodes_that_teach_nothing_cost_nothing(config, tmp_path, monkeypatch):
    looked = []
    of_tokens = pg.token_logprobs

    def counted(model, ids, *rest):
        looked.append(len(ids))
        return of_tokens(model, ids, *rest)

    monkeypatch.setattr(pg, "token_logprobs", counted)

    def learn(change):
        trainer = pg._Trainer(replace(config, items=3, **change), tmp_path, None)
        rollouts, _ = trainer.play(0)
        first = rollouts[0].group  # the one item whose episodes don't fare alike
        for number, one in enumerate(rollouts):
            one.rewards = [float(one.group == first and number % 2)]
        looked.clear()
        facts = trainer.learn(0, rollouts)
        return sum(looked), [p.grad.clone() for p in trainer.trained], facts

    few, gradients, facts = learn({})
    # An entropy too small to matter makes all episodes count.
    all_, others, told = learn({"entropy": 1e-12})
    assert (few, all_) == (4, 12)
    for one, other in zip(gradients, others, strict=True):
        torch.testing.assert_close(one, other, atol=1e-6, rtol=1e-3)
    assert facts["gap"] < 1e-3 and told["gap"] < 1e-3
    assert learn({"passes": 2})[0] == 3 * few  # once to look, twice to learn


def test_the_learning_rate_rises_and_may_fall_again(config):
    wanted = replace(config, learning_rate=1.0, warmup=2, steps=6)
    assert [pg.learning_rate_at(wanted, step) for step in range(4)] == [0.5, 1, 1, 1]
    falling = replace(wanted, schedule="linear")
    rates = [pg.learning_rate_at(falling, step) for step in range(6)]
    assert rates == [0.5, 1.0, 1.0, 0.75, 0.5, 0.25]


def test_a_stopped_run_ends_as_one_that_was_not(config, tmp_path):
    wanted = replace(config, steps=3, save_every=1)
    whole = pg.train(wanted, tmp_path / "whole")

    class Stopped(Exception):
        pass

    def stop(line):
        if line["step"] == 1:
            raise Stopped

    with pytest.raises(Stopped):
        pg.train(wanted, tmp_path / "halves", log=stop)
    halves = pg.train(wanted, tmp_path / "halves")
    assert torch.equal(weights_of(whole), weights_of(halves))
    assert lines_of(tmp_path / "whole") == lines_of(tmp_path / "halves")
    assert [line["step"] for line in lines_of(tmp_path / "whole")] == [0, 1, 2]


def test_an_adapter_is_held_near_what_the_model_was(config, tmp_path):
    wanted = replace(
        config, lora=Lora(rank=2), kl=0.1, passes=2, updates=2, entropy=0.01, steps=1
    )
    folder = pg.train(wanted, tmp_path)
    assert not (folder / "adapter_config.json").exists()
    [line] = lines_of(tmp_path)
    assert line["kl"] >= 0 and line["entropy"] > 0 and line["horizon"] == 2


def test_the_horizon_follows_its_schedule(config):
    wanted = replace(config, horizons=(6, 13, 20), horizon_every=100)
    found = [horizon_at(wanted, step) for step in (0, 99, 100, 199, 200, 9999)]
    assert found == [6, 6, 13, 13, 20, 20]
    assert horizon_at(replace(config, horizons=()), 5) is None


def test_an_episode_that_was_cut_is_valued_by_its_last_observation(config, tmp_path):
    trainer = pg._Trainer(replace(config, kind="gae", horizons=(1,)), tmp_path, None)
    rollouts, _ = trainer.play(0)
    cut = [one for one in rollouts if one.is_cut]
    assert cut and all(one.tokens.steps[-1] == -1 for one in cut)
    ended = [one for one in rollouts if not one.is_cut]
    assert all(one.tokens.steps[-1] >= 0 for one in ended)
    trainer._look(rollouts)
    with torch.no_grad():
        trainer.head.bias.fill_(0.5)
    trainer._look(rollouts)
    for one in cut:
        # The value after the last observation stands for all that would have come.
        targets = (trainer._judge([one]), one.targets)[1]
        written = [t for t, m in zip(targets, one.tokens.mask, strict=True) if m]
        assert written[-1] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "sarsa"}, "kind must be one of"),
        ({"group": 1}, "group must be at least 2"),
        ({"steps": 0}, "steps must be at least 1"),
        ({"temperature": 0.0}, "temperature"),
        ({"schedule": "cosine"}, "schedule must be"),
        ({"families": ()}, "no family"),
    ],
)
def test_options_without_meaning_are_refused(config, change, message):
    with pytest.raises(BadOption, match=message):
        replace(config, **change)


def test_more_items_than_there_are_is_a_mistake(config, tmp_path):
    with pytest.raises(BadOption, match="only 12"):
        pg.train(replace(config, items=13), tmp_path)


def in_parts(*parts):
    """An episode whose context was built anew before each part but the first."""
    found = []
    for steps in parts:
        tokens = TokenSequence()
        for step in steps:
            if step == READ:
                tokens.read([5])
            else:
                tokens.write(step, [6], [-1.0])
        found.append(tokens)
    return found


@pytest.mark.parametrize("kind", ["reinforce++", "gae"])
def test_what_is_earned_after_a_new_context_counts_before_it(config, tmp_path, kind):
    trainer = pg._Trainer(replace(config, kind=kind, decay=0.5), tmp_path, None)
    rewards = {"parts": [0.0, 1.0], "whole": [0.0, 1.0], "none": [0.0, 0.0]}
    parts = in_parts([READ, 0, 0], [READ, 1])
    tokens = {"parts": parts, "whole": in_parts([READ, 0, 0, READ, 1])}
    tokens["none"] = in_parts([READ, 0, 0, READ, 1])
    rollouts = {
        name: [pg.Rollout(t, ("env", name), rewards[name], False) for t in sequences]
        for name, sequences in tokens.items()
    }
    every = [one for group in rollouts.values() for one in group]
    for one in every:
        one.values = [0.0] * len(one.tokens.ids)
    trainer._judge(every)
    [first, second], [whole] = rollouts["parts"], rollouts["whole"]
    assert first.advantages[1:] == pytest.approx(whole.advantages[1:3])
    assert second.advantages[1] == pytest.approx(whole.advantages[4])
    assert rollouts["none"][0].advantages[1] < min(first.advantages[1:])


def test_a_folder_of_another_configuration_is_refused(config, tmp_path):
    pg.train(config, tmp_path)
    with pytest.raises(BadOption, match="another configuration"):
        pg.train(replace(config, learning_rate=2e-3), tmp_path)


def test_a_growing_horizon_is_shorter_than_the_environments_own():
    family = replace(MAZE, kwargs={**MAZE.kwargs, "horizon": 30})
    assert family.make("train", 3).unwrapped.horizon == 3
    assert family.make("train").unwrapped.horizon == 30


def test_weights_in_half_precision_are_trained_whole_here_too(config, tmp_path):
    from transformers import AutoModelForCausalLM

    half = tmp_path / "half"
    shutil.copytree(config.model, half)
    loaded = AutoModelForCausalLM.from_pretrained(config.model, dtype=torch.bfloat16)
    loaded.save_pretrained(half)
    trainer = pg._Trainer(replace(config, model=str(half)), tmp_path / "out", None)
    assert {weights.dtype for weights in trainer.trained} == {torch.float32}
