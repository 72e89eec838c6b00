from __future__ import annotations

import json

import gymnasium
import pytest

import agentgym_envs  # noqa: F401  # registers the ids
from agentgym_envs.cli import main
from agentgym_envs.errors import BadOption, DataError
from agentgym_policies import (
    ExpertPolicy,
    History,
    HumanPolicy,
    PlayStyle,
    Prompt,
    RandomPolicy,
)
from agentgym_policies.named import format_for, make_policy
from agentgym_policies.prompts import FORMATS, as_reply, wrap

ID = "agentgym/Maze-v0"


def history(env=None, item=3):
    env = env or gymnasium.make(ID)
    observation, info = env.reset(options={"item": item})
    return History(env, 0, [observation], [info])


@pytest.fixture(scope="module")
def folder(tiny, tmp_path_factory):
    from agentgym_policies.tiny import save_model

    path = tmp_path_factory.mktemp("models") / "tiny"
    return save_model(path, *tiny)


def test_a_folder_plays_as_it_says(folder):
    policy = make_policy(
        f"hf:{folder}",
        {"temperature": 0.5, "top_k": 3, "seed": 2, "turns": 4, "max_new_tokens": 7},
    )

    assert policy.prompt == Prompt(system="", turns=4)
    assert policy.sampling.temperature == 0.5
    assert policy.sampling.top_k == 3
    assert format_for(f"hf:{folder}") == "text"
    assert format_for("hf:some/model") == format_for("openai:m") == "react"
    assert format_for("expert") == "text"


def test_a_server_is_named_with_its_address():
    pytest.importorskip("openai")

    policy = make_policy(
        "openai:some/model@http://127.0.0.1:9/v1", {"max_tokens": 5, "system": "Go."}
    )

    assert policy.model == "some/model"
    assert policy.prompt.system == "Go."
    with pytest.raises(BadOption, match="openai: has no option 'max_new_tokens'"):
        make_policy("openai:m@http://127.0.0.1:9/v1", {"max_new_tokens": 5})
    with pytest.raises(BadOption, match="no option 'api_key'"):
        make_policy("openai:m@http://127.0.0.1:9/v1", {"api_key": "secret"})
    with pytest.raises(BadOption, match="name a model"):
        make_policy("openai:@http://127.0.0.1:9/v1")
    with pytest.raises(BadOption, match="set OPENAI_API_KEY"):
        make_policy("openai:m@http://me:secret@127.0.0.1:9/v1")
    with pytest.raises(BadOption, match="begins with http://"):
        make_policy("openai:m@127.0.0.1:9/v1")


@pytest.mark.parametrize("options", [{"turns": "x"}, {"concurrency": "many"}])
def test_a_value_of_the_wrong_kind_is_the_callers_mistake(options):
    pytest.importorskip("openai")

    with pytest.raises(BadOption, match=r"openai:m@.*wrong kind"):
        make_policy("openai:m@http://127.0.0.1:9/v1", options)


def test_options_that_a_policy_does_not_have_are_refused(folder):
    with pytest.raises(BadOption, match="hf: has no option 'temprature'"):
        make_policy(f"hf:{folder}", {"temprature": 1})
    with pytest.raises(BadOption, match="random has no option 'seed'"):
        make_policy("random", {"seed": 1})


def test_a_damaged_style_is_named(tmp_path):
    (tmp_path / "agentgym.json").write_text('{"formt": "text"}')

    with pytest.raises(DataError, match=r"agentgym\.json.*formt"):
        PlayStyle.load(tmp_path)


def test_a_style_comes_back_as_it_was_saved(tmp_path):
    style = PlayStyle(action_format="code_as_action", system="Go.", turns=3)

    style.save(tmp_path)

    assert PlayStyle.load(tmp_path) == style


@pytest.mark.parametrize("policy", [ExpertPolicy(), RandomPolicy()])
@pytest.mark.parametrize("action_format", FORMATS)
def test_policies_without_a_model_write_every_format(policy, action_format):
    plain = policy.act([history()])[0].text
    one = history(wrap(gymnasium.make(ID), action_format))

    reply = policy.act([one])[0].text

    *_, info = one.env.step(reply)
    assert info.get("action", reply) == plain
    assert not info["invalid_action"]


def test_what_is_no_call_is_no_reply_of_a_function_format():
    one = history(wrap(gymnasium.make(ID), "function_calling"))

    with pytest.raises(BadOption, match="'dance' is no call"):
        as_reply(one, "dance")


def test_an_unknown_format_is_refused():
    with pytest.raises(BadOption, match="it is text, react"):
        wrap(gymnasium.make(ID), "xml")


def test_messages_tell_the_first_observation_and_the_latest_turns():
    one = history()
    one.observations = ["start", "one", "two", "three"]
    one.actions = [a for _ in range(3) for a in ExpertPolicy().act([one])]

    told = Prompt(system="Go.", turns=2).messages(one)

    assert [message["role"] for message in told] == [
        "system", "user", "assistant", "user",
    ]  # fmt: skip
    assert told[1]["content"] == "start\n\n[Turns left out here: 2]\n\ntwo"
    assert told[-1]["content"] == "three"
    assert len(Prompt(system="").messages(one)) == 7
    with pytest.raises(BadOption):
        Prompt(turns=0)


def test_a_person_plays_at_the_terminal():
    lines, shown = iter(["move up"]), []

    def read(prompt):
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    policy = HumanPolicy(read, shown.append)
    one = history()

    assert policy.act([one])[0].text == "move up"
    assert one.observations[0] in shown
    assert policy.act([one])[0].stop == "the human left"


def test_a_model_is_measured_and_collected_from_the_command_line(
    folder, tmp_path, capsys
):
    common = ["--policy", f"hf:{folder}", "-P", "temperature=1.0", "--env", "Maze"]
    common += ["-P", "max_new_tokens=4", "--items", "3", "--horizon", "2", "--json"]

    assert main(["eval", *common, "--out", str(tmp_path / "one")]) == 0
    first = json.loads(capsys.readouterr().out)
    assert main(["eval", *common, "--out", str(tmp_path / "two"), "--batch", "1"]) == 0
    second = json.loads(capsys.readouterr().out)
    arguments = [*common, "--action-format", "react", "--out", str(tmp_path / "three")]
    assert main(["collect", *arguments]) == 0

    assert first["settings"]["policy_options"]["temperature"] == 1.0
    assert first["settings"]["action_format"] == "text"
    assert first["total"]["episodes"] == 3
    for report in (first, second):
        del report["total"]["steps_per_second"], report["total"]["wall_seconds"]
        del report["tasks"]
    assert first == second
    lines = (tmp_path / "three" / "trajectories.jsonl").read_text().splitlines()
    assert len(lines) == 3
    assert json.loads(lines[0])["meta"]["action_format"] == "react"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["-P", "temperature"], "NAME=VALUE"),
        (["-P", "temperature=-1"], "temperature must be 0 or more"),
        (["-P", "device=abacus"], "no device 'abacus'"),
        (["-P", "dtype=float33"], "dtype must be auto"),
        (["--batch", "0"], "--batch must be at least 1"),
    ],
)
def test_mistakes_in_the_call_are_told(folder, tmp_path, capsys, words, reason):
    out = ["--out", str(tmp_path / "run"), "--json"]
    call = ["eval", "--policy", f"hf:{folder}", "--env", "Maze", "--items", "1"]

    assert main([*call, *words, *out]) == 2

    assert reason in capsys.readouterr().err


def test_a_folder_that_is_none_is_told(tmp_path, capsys):
    pytest.importorskip("transformers")

    status = main(["eval", "--policy", f"hf:{tmp_path}/no", "--env", "Maze", "--json"])

    assert status == 2
    assert "cannot load the model" in capsys.readouterr().err
