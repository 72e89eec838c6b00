"""Where the original games are published.

The games are those of ALFWorld (arXiv:2010.03768), release 0.2.2, which AgentGym
plays; its item numbers are resolved by two files of its repository
(arXiv:2406.04151). The release tells no checksums, but every file in an archive has
one.
"""

from __future__ import annotations

from agentgym_envs.download import Source

HOME = "ALFWORLD_DATA", "~/.cache/alfworld"
"""The variable that names the data folder, and the folder if it is not set: as in
the original."""

RELEASE = "https://github.com/alfworld/alfworld/releases/download/0.2.2"
CONFIGS = (
    "https://raw.githubusercontent.com/WooooDyy/AgentGym/"
    "b92aabbdc2197e3fbb90df10b2683db17fd06618/agentenv-alfworld/configs"
)

SOURCES = (
    Source(
        part="games",
        file="json_2.1.1_tw-pddl.zip",
        url=f"{RELEASE}/json_2.1.1_tw-pddl.zip",
        about="the games",
    ),
    Source(
        part="mappings-train",
        file="mappings_train.json",
        url=f"{CONFIGS}/mappings_train.json",
        about="AgentGym's training items 0..2419",
        json_sha256="40385fd95e4a3b427521d6fd6e87e04310789be4ef419d4a810ccc6056565997",
    ),
    Source(
        part="mappings-test",
        file="mappings_test.json",
        url=f"{CONFIGS}/mappings_test.json",
        about="AgentGym's test items 2420..2619",
        json_sha256="b61ef2dae313c40b0ec8c554cb176da44ae8e9dba1c230a13036605e68c073b7",
    ),
    Source(
        part="trajectories",
        file="json_2.1.1_json.zip",
        url=f"{RELEASE}/json_2.1.1_json.zip",
        about="people's descriptions of the tasks",
    ),
    Source(
        part="problems",
        file="json_2.1.1_pddl.zip",
        url=f"{RELEASE}/json_2.1.1_pddl.zip",
        about="the start states alone",
    ),
)

DEFAULT = ("games", "mappings-train", "mappings-test")
"""What is needed to play."""
