"""The other side of ``check_fresh_process``: play, restore, and tell it as JSON."""

from __future__ import annotations

import json
import sys

import gymnasium
from gymnasium.envs.registration import EnvSpec

from agentgym_envs.testing.subject import Env, agent, replay, trace


def main() -> None:
    """Answer one request from standard input."""
    request = json.load(sys.stdin)
    env: Env = gymnasium.make(EnvSpec.from_json(request["spec"]))
    first = trace(env, seed=5)
    agent(env).restore(bytes.fromhex(request["snapshot"]))
    print(json.dumps([first, replay(env, request["actions"])]))


if __name__ == "__main__":
    main()
