"""``python -m agentgym_server``: the same as ``agentgym serve``."""

import sys

from agentgym_envs.cli import main

if __name__ == "__main__":
    sys.exit(main(["serve", *sys.argv[1:]]))
