"""``python -m agentgym_envs``: the command line."""

import sys

from agentgym_envs.cli import main

if __name__ == "__main__":
    sys.exit(main())
