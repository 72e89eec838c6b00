"""TRL's GRPO on environments whose functions are the model's tools."""

from __future__ import annotations

import inspect
import math

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("trl")
pytest.importorskip("datasets")

from datasets import Dataset  # noqa: E402
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers  # noqa: E402
from transformers import PreTrainedTokenizerFast  # noqa: E402
from trl import GRPOConfig, GRPOTrainer  # noqa: E402
from trl.chat_template_utils import (  # noqa: E402
    get_training_chat_template,
    qwen2_5_chat_template,
)
from warm_start import pretrain, small  # noqa: E402

from agentgym_wrappers import make_trl_environment, tool_rows  # noqa: E402
from agentgym_wrappers.inverse import call_of  # noqa: E402

pytestmark = pytest.mark.slow

MARKS = ("<|endoftext|>", "<|im_end|>", "<|im_start|>")
ENVIRONMENTS = {
    "ball": make_trl_environment(
        "agentgym/BabyAI.GoToRedBallGrey-v0", tools="act", horizon=4
    ),
    "wordle": make_trl_environment("agentgym/Wordle-v0", horizon=4),
}


def played(name, row):
    """An expert's episode as a chat with tool calls, and the tools."""
    made = ENVIRONMENTS[name]
    game = made()
    messages = [{"role": "user", "content": game.reset(**row)}]
    agent = game._episode.agent_env
    while not agent.is_over:
        function, arguments = "act", {"action": agent.expert_action()}
        if name == "wordle":
            function, arguments = call_of(agent.action_schema, arguments["action"])
        call = {"name": function, "arguments": arguments}
        tool = {"type": "function", "function": call}
        messages.append({"role": "assistant", "content": "", "tool_calls": [tool]})
        told = getattr(game, function)(**arguments)
        messages.append({"role": "tool", "name": function, "content": told})
    return messages, [getattr(game, tool) for tool in tools_of(made)]


def tools_of(made):
    """The tools of a class, in the way that TRL looks for them."""
    members = inspect.getmembers(made, predicate=inspect.isfunction)
    names = [name for name, _ in members if not name.startswith("_")]
    return [name for name in names if name not in ("reset", "get_reward")]


def trained_tokenizer(chats):
    bare = PreTrainedTokenizerFast(tokenizer_object=Tokenizer(models.BPE()))
    bare.chat_template = qwen2_5_chat_template
    texts = [
        bare.apply_chat_template(messages, tools=tools, tokenize=False)
        for messages, tools in chats
    ]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(
        texts,
        trainers.BpeTrainer(
            vocab_size=700,
            special_tokens=list(MARKS),
            initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
            show_progress=False,
        ),
    )
    made = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=MARKS[0],
        eos_token=MARKS[1],
        padding_side="left",
        additional_special_tokens=[MARKS[2]],
    )
    made.chat_template = qwen2_5_chat_template
    return made


def test_grpo_trains_on_tools_of_two_families_for_twenty_steps(tmp_path, monkeypatch):
    torch.set_num_threads(1)
    monkeypatch.setenv("TRL_EXPERIMENTAL_SILENCE", "1")
    rows = [
        row | {"prompt": [{"role": "user", "content": ""}]}
        for row in tool_rows(ENVIRONMENTS, items=8)
    ]
    chats = [played(row["environment"], row) for row in rows]
    tokenizer = trained_tokenizer(chats)
    template = get_training_chat_template(tokenizer)
    sequences = []
    for messages, tools in chats:
        told = tokenizer.apply_chat_template(
            messages,
            tools=tools,
            chat_template=template,
            return_dict=True,
            return_assistant_tokens_mask=True,
        )
        sequences.append((told["input_ids"], told["assistant_masks"]))
    model = small(tokenizer)
    pretrain(model, sequences, steps=130, batch=8)
    before = [weight.clone() for weight in model.parameters()]
    config = GRPOConfig(
        output_dir=str(tmp_path),
        max_steps=20,
        per_device_train_batch_size=8,
        num_generations=4,
        max_completion_length=220,
        max_tool_calling_iterations=4,
        learning_rate=1e-3,
        temperature=0.7,
        gradient_checkpointing=False,
        report_to="none",
        use_cpu=True,
        bf16=False,
        logging_steps=1,
        save_strategy="no",
        disable_tqdm=True,
        seed=3,
    )
    trainer = GRPOTrainer(
        model,
        args=config,
        train_dataset=Dataset.from_list(rows),
        processing_class=tokenizer,
        environment_factory=ENVIRONMENTS,
    )
    trainer.train()
    assert trainer.state.global_step == 20
    log = [entry for entry in trainer.state.log_history if "reward" in entry]
    assert len(log) == 20 and all(math.isfinite(entry["loss"]) for entry in log)
    for family in ("BabyAIEnvironment", "WordleEnvironment"):
        assert any(f"rewards/{family}/mean" in entry for entry in log)
    assert any(entry["tools/call_frequency"] > 0.5 for entry in log)
    assert any(entry["reward"] > 0 for entry in log)
    changed = zip(model.parameters(), before, strict=True)
    assert any(not torch.equal(now, then) for now, then in changed)


def test_trl_finds_the_functions_and_nothing_else():
    assert tools_of(ENVIRONMENTS["ball"]) == ["act"]
    assert tools_of(ENVIRONMENTS["wordle"]) == ["guess"]
