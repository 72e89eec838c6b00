from __future__ import annotations

import copy

import gymnasium
import pytest

import agentgym_envs  # noqa: F401  # registers the ids
from agentgym_envs.errors import BadOption
from agentgym_policies import Action, History, Prompt, rollout, token_sequences
from agentgym_policies.prompts import FORMATS, wrap
from agentgym_policies.rollout import GAVE_UP, make_job

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from agentgym_policies.attention import KeyValues  # noqa: E402
from agentgym_policies.huggingface import TransformersPolicy  # noqa: E402
from agentgym_policies.sampling import Sampling  # noqa: E402
from agentgym_policies.scoring import candidates_of  # noqa: E402

ID = "agentgym/Maze-v0"
DRAWN = Sampling(temperature=1.0)


def make(action_format="text", horizon=4):
    return wrap(gymnasium.make(ID, horizon=horizon), action_format)


def play(policy, items=range(5), *, batch=5, **options):
    jobs = [make_job(0, ID, f"maze_{item}", 0) for item in items]
    episodes = list(rollout(policy, lambda: make(**options), jobs, batch=batch))
    assert [e.error for e in episodes if e.end_reason == "crash"] == []
    return {episode.job.item_id: episode.history for episode in episodes}


def policy_of(tiny, **options):
    model, tokenizer = tiny
    options = {"sampling": DRAWN, "max_new_tokens": 8, **options}
    options.setdefault("prompt", Prompt(system="Find the goal."))
    return TransformersPolicy(model, tokenizer, **options)


def full_pass(model, ids):
    """Log-probabilities of all tokens but the first, from one pass without a cache."""
    with torch.no_grad():
        logits = model(torch.tensor([ids])).logits[0]
    wanted = torch.tensor(ids[1:])[:, None]
    return logits.log_softmax(-1)[:-1].gather(-1, wanted)[:, 0].tolist()


def assert_as_in_one_pass(model, histories):
    cut = ended = 0
    for history in histories.values():
        for sequence in token_sequences(history.actions):
            expected = full_pass(model, sequence.ids)
            told = zip(sequence.mask[1:], sequence.logprobs[1:], expected, strict=True)
            for sampled, logprob, other in told:
                assert not sampled or logprob == pytest.approx(other, abs=1e-4)
        cut += sum(action.finish == "length" for action in history.actions)
        ended += sum(action.finish == "end" for action in history.actions)
    return cut, ended


def test_cached_log_probabilities_are_those_of_one_full_pass(tiny):
    policy = policy_of(tiny, max_new_tokens=3)
    # So that replies end by themselves, too, and rows differ in length.
    policy.chat.ends = frozenset({*policy.chat.ends, *range(20, 90)})

    histories = play(policy, range(7), batch=3)  # episodes join and leave

    cut, ended = assert_as_in_one_pass(policy.model, histories)
    assert cut > 10
    assert ended > 10
    assert policy.usage.cached_tokens > policy.usage.prompt_tokens / 2


@pytest.mark.parametrize("kind", ["Qwen2", "GPT2", "Mistral", "Gemma3"])
def test_other_architectures_are_as_exact(tiny, kind):
    _, tokenizer = tiny
    shape = {
        "vocab_size": len(tokenizer),
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 8,
        "sliding_window": 16,  # far less than the conversation; Qwen2 does not use it
        "bos_token_id": None,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }
    name = "Gemma3Text" if kind == "Gemma3" else kind
    model_name = {"GPT2": "GPT2LMHeadModel", "Gemma3": "Gemma3ForCausalLM"}
    if kind == "GPT2":
        small = {"n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 2048}
        shape = {k: v for k, v in shape.items() if k.endswith(("_id", "vocab_size"))}
        shape |= small
    torch.manual_seed(0)
    config = getattr(transformers, f"{name}Config")(**shape)
    made = getattr(transformers, model_name.get(kind, f"{kind}ForCausalLM"))(config)
    policy = policy_of((made.eval(), tokenizer), max_new_tokens=5)

    histories = play(policy, range(3), batch=3)

    assert_as_in_one_pass(made, histories)
    slides = kind in ("Mistral", "Gemma3")
    assert (policy.usage.cached_tokens == 0) == slides


def test_a_recurrent_model_is_refused_before_anything_is_played(tiny):
    _, tokenizer = tiny
    config = transformers.MambaConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        num_hidden_layers=1,
        state_size=4,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )

    with pytest.raises(BadOption, match="MambaForCausalLM has recurrent layers"):
        policy_of((transformers.MambaForCausalLM(config), tokenizer))


def test_a_model_that_gives_no_numbers_is_no_player(tiny):
    model, tokenizer = tiny
    broken = copy.deepcopy(model)
    with torch.no_grad():
        broken.model.norm.weight.fill_(float("nan"))
    env = gymnasium.make("agentgym/Maze-v0")
    observation, info = env.reset(options={"item": 3})

    [action] = policy_of((broken, tokenizer)).act(
        [History(env, 0, [observation], [info])]
    )

    assert "NaN" in action.error
    assert action.usage.requests == 1


def test_a_cache_changes_nothing(tiny):
    kept, anew = (play(policy_of(tiny, keep_cache=keep)) for keep in (True, False))

    assert {k: [a.token_ids for a in h.actions] for k, h in kept.items()} == {
        k: [a.token_ids for a in h.actions] for k, h in anew.items()
    }


def test_what_is_played_beside_it_does_not_change_an_episode(tiny):
    together = play(policy_of(tiny), batch=5)
    alone = play(policy_of(tiny, max_batch=1), batch=2)

    assert {k: h.observations for k, h in together.items()} == {
        k: h.observations for k, h in alone.items()
    }


def test_episodes_that_are_alike_so_far_are_read_once(tiny, monkeypatch):
    read = []
    append = KeyValues.append

    def counted(self, chunks, **options):
        read.append(sum(map(len, chunks)))
        return append(self, chunks, **options)

    monkeypatch.setattr(KeyValues, "append", counted)
    greedy = {"sampling": Sampling(), "max_new_tokens": 1}
    jobs = [make_job(0, ID, "maze_0", number) for number in range(6)]

    def play_some(number):
        read.clear()
        episodes = list(
            rollout(policy_of(tiny, **greedy), make, jobs[:number], batch=6)
        )
        return sum(read), [[a.token_ids for a in e.history.actions] for e in episodes]

    one, [reply] = play_some(1)
    six, replies = play_some(6)

    assert six == one
    assert replies == [reply] * 6


def test_episodes_of_one_item_may_part(tiny):
    jobs = [make_job(0, ID, "maze_0", number) for number in range(6)]
    together = policy_of(tiny)

    episodes = list(rollout(together, make, jobs, batch=6))

    assert_as_in_one_pass(together.model, {e.job.episode: e.history for e in episodes})
    alone = list(rollout(policy_of(tiny), make, jobs, batch=1))
    said = [
        {e.job.episode: [a.token_ids for a in e.history.actions] for e in some}
        for some in (episodes, alone)
    ]
    assert said[0] == said[1]
    assert len({str(tokens) for tokens in said[0].values()}) > 1


def test_the_seed_decides_what_is_drawn(tiny):
    def texts(seed):
        sampling = Sampling(temperature=1.0, seed=seed)
        histories = play(policy_of(tiny, sampling=sampling), range(2))
        return [action.text for h in histories.values() for action in h.actions]

    assert texts(0) == texts(0)
    assert texts(0) != texts(1)


def test_global_generators_are_left_alone(tiny):
    state = torch.get_rng_state()

    play(policy_of(tiny), range(1))

    assert torch.equal(state, torch.get_rng_state())


def test_a_conversation_holds_the_tokens_as_they_were_sampled(tiny):
    _, tokenizer = tiny
    policy = policy_of(tiny)
    [history] = play(policy, [0]).values()

    [whole] = token_sequences(history.actions)

    sampled = [i for i, m in zip(whole.ids, whole.mask, strict=True) if m]
    assert sampled == [i for a in history.actions for i in a.token_ids]
    # Drawn at random, they are not what the tokenizer makes of the same text.
    again = [i for a in history.actions for i in tokenizer(a.text)["input_ids"]]
    assert sampled != again
    text = tokenizer.decode(whole.ids)
    assert text.startswith("<|system|>Find the goal.<|end|><|user|>")
    assert text.count("<|assistant|>") == len(history.actions)
    for observation in history.observations[:-1]:
        assert f"<|user|>{observation}<|end|><|assistant|>" in text


def test_replies_of_others_become_part_of_the_conversation(tiny):
    policy = policy_of(tiny)
    env = make()
    history = History(env, 0, [env.reset(options={"item": 0})[0]], [{}])
    history.actions.append(Action("move up"))
    history.observations.append("You moved.")

    (action,) = policy.act([history])

    read = policy.tokenizer.decode(action.prompt_ids)
    assert "<|assistant|>move up<|end|><|user|>You moved.<|end|>" in read
    assert action.is_fresh


def test_a_window_tells_the_first_observation_and_the_latest_turns(tiny):
    policy = policy_of(tiny, prompt=Prompt(system="", turns=2))
    [history] = play(policy, [0]).values()

    read = [policy.tokenizer.decode(a.prompt_ids) for a in history.actions]

    assert [action.is_fresh for action in history.actions] == [True, False, True, True]
    first, *_, third, latest = history.observations[:4]
    start = f"<|user|>{first}\n\n[Turns left out here: 2]\n\n{third}<|end|>"
    assert read[3].startswith(start)
    assert read[3].endswith(f"<|user|>{latest}<|end|><|assistant|>")
    assert len(token_sequences(history.actions)) == 3


def test_early_turns_are_left_out_when_the_context_is_full(tiny):
    whole = policy_of(tiny)
    [history] = play(whole, [0], horizon=8).values()
    longest = len(token_sequences(history.actions)[0].ids)

    policy = policy_of(tiny, max_context=longest * 2 // 3)
    [history] = play(policy, [0], horizon=8).values()

    fresh = [action.is_fresh for action in history.actions]
    assert len(fresh) == 8
    assert 1 < sum(fresh) < 5
    for sequence in token_sequences(history.actions):
        assert len(sequence.ids) <= longest * 2 // 3
    assert_as_in_one_pass(policy.model, {"": history})


def test_an_observation_that_never_fits_ends_the_episode(tiny):
    policy = policy_of(tiny, max_context=40)
    jobs = [make_job(0, ID, "maze_0", 0)]

    (episode,) = rollout(policy, make, jobs)

    assert episode.end_reason == GAVE_UP
    assert episode.error == "more than 32 tokens to read"


def test_stop_texts_end_a_reply_and_are_not_in_it(tiny):
    free = play(policy_of(tiny, max_new_tokens=30), [0])["maze_0"].actions[0]
    mark = free.text[3:5]

    policy = policy_of(tiny, max_new_tokens=30, stop=[mark])
    action = play(policy, [0])["maze_0"].actions[0]

    assert action.finish == "stop"
    assert action.text == free.text[: free.text.index(mark)].strip()
    assert action.token_ids == free.token_ids[: len(action.token_ids)]


@pytest.mark.parametrize("normalise", [False, True])
@pytest.mark.parametrize("action_format", FORMATS)
def test_the_likeliest_admissible_action_is_taken(tiny, action_format, normalise):
    policy = policy_of(
        tiny, sampling=Sampling(), constrain="admissible", normalise=normalise
    )

    histories = play(policy, range(3), action_format=action_format)

    for history in histories.values():
        assert not any(info["invalid_action"] for info in history.infos)
    assert_as_in_one_pass(policy.model, histories)
    env = make(action_format)
    history = History(env, 0, [env.reset(options={"item": 0})[0]], [{}])
    (action,) = policy.act([history])
    likelihoods = {}
    for text in candidates_of(history):
        reply = policy.chat.reply(text)
        told = full_pass(policy.model, [*action.prompt_ids, *reply])[-len(reply) :]
        likelihoods[text] = sum(told) / (len(reply) if normalise else 1)
    assert action.text == max(likelihoods, key=likelihoods.get)
    assert len(likelihoods) > 1


def test_admissible_actions_are_drawn_by_their_likelihoods(tiny):
    drawn = policy_of(tiny, constrain="admissible", normalise=True)
    env = make()
    text, info = env.reset(options={"item": 0})
    histories = [History(env, seed, [text], [info]) for seed in range(200)]

    actions = drawn.act(histories)

    counts = {a.text: sum(b.text == a.text for b in actions) for a in actions}
    weights = {a.text: torch.tensor(a.logprobs).mean().exp().item() for a in actions}
    total = sum(weights.values())
    assert len(counts) == len(env.unwrapped.admissible_actions())
    for action, count in counts.items():
        share = weights[action] / total
        # Five standard deviations.
        assert abs(count - 200 * share) < 5 * (200 * share * (1 - share)) ** 0.5


def test_a_lora_adapter_is_loaded_with_its_model(tiny, tmp_path):
    peft = pytest.importorskip("peft")
    from agentgym_policies.tiny import build_model, save_model

    _, tokenizer = tiny
    base = save_model(
        tmp_path / "base", build_model(tokenizer, width=64, layers=2), tokenizer
    )
    model = transformers.AutoModelForCausalLM.from_pretrained(base)
    tuned = peft.get_peft_model(
        model,
        peft.LoraConfig(target_modules="all-linear", init_lora_weights=False),
    )
    tuned.save_pretrained(tmp_path / "adapter")
    options = {"device": "cpu", "max_new_tokens": 6, "sampling": DRAWN}

    plain = TransformersPolicy.load(base, **options)
    both = TransformersPolicy.load(base, adapter=tmp_path / "adapter", **options)
    alone = TransformersPolicy.load(tmp_path / "adapter", **options)

    said = [
        [a.token_ids for a in play(policy, [0])["maze_0"].actions]
        for policy in (plain, both, alone)
    ]
    assert said[0] != said[1] == said[2]
    assert_as_in_one_pass(both.model, play(both, [0]))


def test_a_folder_without_a_model_is_refused(tmp_path):
    with pytest.raises(BadOption, match="cannot load the model"):
        TransformersPolicy.load(tmp_path)


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_new_tokens": 0},
        {"max_context": 8},
        {"constrain": "all"},
        {"stop": "Observation"},
        {"stop": [""]},
        {"chat_template": "alpaca"},
    ],
)
def test_options_that_make_no_sense_are_refused(tiny, wrong):
    with pytest.raises(BadOption):
        policy_of(tiny, **wrong)
