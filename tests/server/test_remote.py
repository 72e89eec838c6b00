"""Environments on a server: the same as here, whatever happens on the way."""

from __future__ import annotations

import threading
import time

import gymnasium
import numpy as np
import pytest
from gymnasium.error import ClosedEnvironmentError
from gymnasium.vector import AutoresetMode
from servers import MOODY, OFFER, Background
from test_vector import same

from agentgym_envs.errors import (
    AgentGymError,
    BadOption,
    NoExpertAction,
    ResetNeeded,
    SnapshotError,
    UnknownTask,
)
from agentgym_wrappers import RemoteEnv, TextVectorEnv
from agentgym_wrappers.remote.errors import RemoteError, ServerUnreachable

MAZE = "agentgym/Maze-v0"
TOKEN = "a-token-of-some-length"


@pytest.fixture(scope="module")
def shared():
    with Background(offer=(OFFER,)).run() as server:
        yield server


@pytest.fixture
def server(shared):
    yield shared
    assert len(shared.sessions) == 0, "whoever ends closes what it has opened"


def test_a_remote_environment_says_what_one_here_says(server):
    here, there = gymnasium.make(MAZE), RemoteEnv(MAZE, server.address)
    same(there.reset(seed=5), here.reset(seed=5))
    game = here.unwrapped
    while not game.is_over:
        assert there.admissible_actions() == game.admissible_actions()
        assert there.goal == game.goal
        action = game.expert_action()
        assert there.expert_action() == action
        same(there.step(action), here.step(action))
    assert there.is_over
    same(there.reset(), here.reset())
    assert there.snapshot() == game.snapshot()
    assert there.instructions == game.instructions
    assert there.action_schema == game.action_schema
    assert there.observation_space == here.observation_space
    there.close()
    there.close()
    assert len(server.sessions) == 0
    with pytest.raises(ClosedEnvironmentError):
        there.reset()


def test_mistakes_are_raised_as_they_are_here(server):
    with pytest.raises(BadOption, match="no environment"):
        RemoteEnv("agentgym/Chess-v0", server.address)
    with pytest.raises(BadOption, match="may not choose 'data'"):
        RemoteEnv(MAZE, server.address, data="/etc")
    env = RemoteEnv(MAZE, server.address, horizon=1)
    with pytest.raises(ResetNeeded):
        env.step("move up")
    with pytest.raises(NoExpertAction):
        env.expert_action()
    with pytest.raises(UnknownTask):
        env.reset(options={"item": "chess_1"})
    env.reset(seed=0)
    with pytest.raises(TypeError):
        env.step(3)
    with pytest.raises(SnapshotError):
        env.restore(b"AGYM\x01nonsense")
    assert env.step("any \ud800 string")[3]
    with pytest.raises(ResetNeeded):
        env.step("move up")
    env.close()


def test_a_snapshot_goes_on_there_or_here(server):
    here, there = gymnasium.make(MAZE), RemoteEnv(MAZE, server.address)
    here.reset(seed=2)
    here.step("move up")
    there.restore(here.unwrapped.snapshot())
    same(there.step("move left"), here.step("move left"))
    here.unwrapped.restore(there.snapshot())
    there.close()


@pytest.mark.parametrize("mode", list(AutoresetMode))
def test_a_crash_there_is_a_crash_here(server, mode):
    traces = []
    for where in ({}, {"backend": "http", "address": server.address}):
        envs = TextVectorEnv(MOODY, 3, autoreset_mode=mode, **where)
        seen = [envs.reset(seed=4)]
        for action in ("a", "boom", "b", "c", "boom", "d", "e"):
            seen.append(envs.step(["x", action, "y"]))
            over = seen[-1][2] | seen[-1][3]
            if mode is AutoresetMode.DISABLED and over.any():
                seen.append(envs.reset(options={"reset_mask": over}))
        envs.close()
        traces.append(seen)
    same(traces[1], traces[0])


def test_a_remote_vector_is_ready_first_forks_and_says_what_it_cannot(server):
    envs = TextVectorEnv(MOODY, 4, backend="http", address=server.address)
    envs.reset(seed=0)
    envs.send(["sleep 0.4", "a", "b", "c"])
    first = envs.recv()
    assert 0 not in first.env_ids.tolist()
    envs.recv(4 - len(first.env_ids))
    with pytest.raises(BadOption, match="a server answers"):
        envs.call("pid")
    with pytest.raises(BadOption, match="can't be set"):
        envs.set_attr("steps", 3)
    assert not envs.step(["a"] * 4)[3].any(), "it goes on after a mistake"
    envs.close()
    with pytest.raises(BadOption, match="can't travel"):
        TextVectorEnv(lambda: None, 1, backend="http", address=server.address)
    envs = TextVectorEnv(MAZE, 3, backend="http", address=server.address)
    envs.reset_at(items=[1, 2, 3])
    envs.fork(0, [1, 2])
    assert len(set(envs.step(["move up"] * 3)[0])) == 1
    envs.close()
    assert len(server.sessions) == 0


def test_more_slots_than_fit_into_one_message(background):
    server = background(max_batch=256)
    envs = TextVectorEnv(MAZE, 300, backend="http", address=server.address)
    here = TextVectorEnv(MAZE, 300)
    same(envs.reset(seed=1), here.reset(seed=1))
    same(envs.step(["move up"] * 300), here.step(["move up"] * 300))
    envs.close()


def play_with_a_break(env, server, serve, words, port):
    """Some steps, another server in the place of the first, some more steps."""
    seen = [env.reset(seed=3)]
    for word in ("move up", "move left"):
        seen.append(env.step(word))
    server.process.kill()
    server.process.wait()
    again = serve(*words, port=port)
    assert again.address == server.address
    for word in ("move down", "move right", "nonsense"):
        seen.append(env.step(word))
    seen.append(env.reset())
    return seen


def test_a_server_that_is_started_anew_loses_nothing(serve):
    server = serve()
    port = int(server.address.rpartition(":")[2])
    seen = play_with_a_break(RemoteEnv(MAZE, server.address), server, serve, (), port)
    here = gymnasium.make(MAZE)
    same(seen[0], here.reset(seed=3))
    for told, word in zip(
        seen[1:-1],
        ("move up", "move left", "move down", "move right", "nonsense"),
        strict=True,
    ):
        same(told, here.step(word))
    same(seen[-1], here.reset())


@pytest.mark.parametrize("mode", list(AutoresetMode))
def test_environments_that_the_server_has_closed_go_on(server, mode):
    """As after the end of a lease, or in a server that was started anew."""
    traces = []
    for where in ({}, {"backend": "http", "address": server.address}):
        envs = TextVectorEnv(
            MAZE, 3, autoreset_mode=mode, kwargs={"horizon": 3}, **where
        )
        seen = [envs.reset(seed=4)]
        for turn in range(8):
            if where:
                forget(server, envs, range(turn % 2, 3))
            if (
                mode is AutoresetMode.DISABLED
                and turn
                and (seen[-1][2] | seen[-1][3]).any()
            ):
                over = seen[-1][2] | seen[-1][3]
                seen.append(envs.reset(options={"reset_mask": over}))
                seen.append(envs.step(["move up"] * 3))
            else:
                seen.append(envs.step(["move up", "move left", "nonsense"]))
        envs.close()
        traces.append(seen)
    same(traces[1], traces[0])


def forget(server, envs, slots):
    """Let the server lose the environments of some slots."""
    for slot in slots:
        del server.sessions._sessions[envs._backend._slots[slot].session]


@pytest.mark.parametrize("mode", list(AutoresetMode))
def test_without_snapshots_a_lost_episode_comes_back_truncated(server, mode):
    envs = TextVectorEnv(
        MAZE,
        2,
        autoreset_mode=mode,
        backend="http",
        address=server.address,
        resume=False,
    )
    envs.reset(seed=4)
    before, *_ = envs.step(["move up", "move up"])
    forget(server, envs, [1])
    texts, rewards, terminated, truncated, infos = envs.step(["move up"] * 2)
    assert truncated.tolist() == [False, True]
    assert not terminated.any()
    assert rewards.tolist() == [0.0, 0.0]
    told = infos
    if mode is AutoresetMode.SAME_STEP:
        assert infos["final_obs"][1] == before[1]
        told = infos["final_info"]
    else:
        assert texts[1] == before[1]
    assert told["end_reason"][1] == "crash"
    assert "lost this episode" in told["failure"][1]
    if mode is AutoresetMode.DISABLED:
        envs.reset(options={"reset_mask": np.array([False, True])})
    *_, truncated, infos = envs.step(["move up"] * 2)
    assert not truncated.any()
    assert infos["steps"][1] == (0 if mode is AutoresetMode.NEXT_STEP else 1)
    envs.close()


def test_a_broken_connection_does_nothing_twice(server):
    env = RemoteEnv(MAZE, server.address)
    env.reset(seed=0)
    link = env._remote._link
    for step in range(1, 10):
        # The message arrives, but its answer does not.
        break_before_receiving(link)
        assert env.step("move up")[4]["steps"] == step
    assert link.lives > 5
    env.close()
    assert len(server.sessions) == 0


def break_before_receiving(link):
    receive, link.receive = link.receive, None

    def broken(seconds=None):
        link.receive = receive
        receive(0.05)
        link._connection.close()
        return receive(seconds)

    link.receive = broken


def test_a_server_with_a_token_lets_in_who_knows_it(background):
    server = background(token=TOKEN)
    env = RemoteEnv(MAZE, server.address, token=TOKEN)
    env.reset(seed=0)
    env.close()
    for token in (None, "another-token-of-that-length"):
        with pytest.raises(RemoteError, match="token"):
            RemoteEnv(MAZE, server.address, token=token)


def test_no_server_a_full_one_and_one_that_goes_for_good(background):
    with pytest.raises(ServerUnreachable, match="no server at"):
        RemoteEnv(MAZE, "http://127.0.0.1:9")
    with pytest.raises(BadOption, match="an address looks like"):
        RemoteEnv(MAZE, "127.0.0.1:9")
    for port in ("abc", "99999"):
        with pytest.raises(BadOption, match="an address looks like"):
            RemoteEnv(MAZE, f"http://127.0.0.1:{port}")
    server = background(max_envs=2)
    env = RemoteEnv(MAZE, server.address, patience=0.2)
    with pytest.raises(RemoteError, match="at most 2") as full:
        TextVectorEnv(MAZE, 2, backend="http", address=server.address)
    assert full.value.code == "full"
    env.reset(seed=0)
    assert len(server.sessions) == 1


def test_a_server_that_is_gone_for_too_long_is_given_up(serve):
    server = serve()
    env = RemoteEnv(MAZE, server.address, patience=0.3)
    env.reset(seed=0)
    server.stop()
    with pytest.raises(ServerUnreachable, match="the server has been gone"):
        env.step("move up")
    env.close()


def test_closing_does_not_wait_for_a_server_that_is_gone(serve):
    server = serve()
    env = RemoteEnv(MAZE, server.address)
    env.reset(seed=0)
    server.stop()
    began = time.monotonic()
    env.close()
    assert time.monotonic() - began < 10  # of the minute that a step would wait


@pytest.mark.parametrize("scheme", ["http", "ftp"])
def test_a_password_in_an_address_is_not_told(scheme):
    with pytest.raises((BadOption, ServerUnreachable)) as raised:
        RemoteEnv(MAZE, f"{scheme}://any:{TOKEN}@127.0.0.1:9")
    assert TOKEN not in str(raised.value) and "127.0.0.1:9" in str(raised.value)


@pytest.mark.parametrize("options", [{"item": object()}, {"item": 2**70}, {3: 4}])
def test_what_can_not_be_sent_is_a_mistake_and_no_more(server, options):
    envs = TextVectorEnv(MAZE, 2, backend="http", address=server.address)
    with pytest.raises(AgentGymError, match=r"can't be (sent|read)"):
        envs.reset(options=options)
    assert envs.reset_at(items=3)[1]["item_id"].tolist() == ["maze_3"] * 2
    envs.close()


def test_a_tuple_is_a_list_there(server):
    env = RemoteEnv(MAZE, server.address)
    with pytest.raises(UnknownTask, match="an index or an id"):
        env.reset(options={"item": (1, 2)})
    env.close()


def test_what_an_interrupt_has_left_under_way_is_nobodys_answer(server, monkeypatch):
    env = RemoteEnv(MAZE, server.address)
    env.reset(seed=0)

    def interrupt(seconds=None):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(env._remote._link, "receive", interrupt)
        with pytest.raises(KeyboardInterrupt):
            env.step("move up")
    assert env.expert_action().startswith("move")
    assert env.step("move up")[4]["steps"] == 2
    env.close()


def test_what_is_too_long_for_the_server_is_a_mistake_and_no_more(background):
    server = background(max_body=3000)
    env = RemoteEnv(MAZE, server.address, resume=False)
    env.reset(seed=0)
    with pytest.raises(RemoteError, match="longer than the server takes"):
        env.step("x" * 5000)
    assert env.step("move up")[4]["steps"] == 1
    env.close()


def test_a_server_with_too_many_connections_is_waited_for(background):
    server = background(max_sockets=1)
    first = RemoteEnv(MAZE, server.address)
    with pytest.raises(ServerUnreachable, match="sends us away"):
        RemoteEnv(MAZE, server.address, patience=0.3)
    timer = threading.Timer(0.3, first.close)
    timer.start()
    second = RemoteEnv(MAZE, server.address)
    second.reset(seed=0)
    second.close()
    timer.join()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({}, "needs the address"),
        ({"address": "http://127.0.0.1:1", "workers": 1}, "the server's"),
        ({"address": "http://127.0.0.1:1", "timeout": 3.0}, "the server's"),
        ({"backend": "local", "address": "http://127.0.0.1:1"}, "need backend"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(wrong, told):
    with pytest.raises(BadOption, match=told):
        TextVectorEnv(MAZE, 1, **{"backend": "http", **wrong})
