"""Build the word lists of Wordle from SCOWL.

    python scripts/build_wordle_words.py /usr/share/dict/scowl [--check]

SCOWL (Kevin Atkinson, http://wordlist.sourceforge.net) sorts English words by how
common they are; Debian's package ``scowl`` carries it. Secrets are common words
(size 35 and below) that are no mere plural or third person, and the 40 words of the
original; guesses are all words of size 70 and below.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from agentgym_envs.wordle.original import WORDS

DATA = Path(__file__).parents[1] / "src" / "agentgym_envs" / "wordle" / "data"
SECRET_SIZE = 35
GUESS_SIZE = 70
_FILE = re.compile(r"(english|american)-words\.(\d+)")

# Fine as guesses, but nobody wants them as a riddle.
NO_SECRETS = frozenset(
    """
    bitch boobs booby chink dildo farts fucks gooks kraut lesbo negro penis porno
    pussy queer raped rapes raper sexed shits sluts spick sperm semen tarty titty
    tramp wench whore
    """.split()
)


def words_up_to(folder: Path, size: int) -> set[str]:
    """Collect the lower-case ASCII words of at most six letters up to a size."""
    found: set[str] = set()
    for path in sorted(folder.iterdir()):
        match = _FILE.fullmatch(path.name)
        if match and int(match[2]) <= size:
            lines = path.read_text(encoding="latin-1").split()
            found.update(w for w in lines if re.fullmatch("[a-z]{3,6}", w))
    return found


def is_inflected(word: str, known: set[str]) -> bool:
    """Whether a word is another word with an s at its end."""
    if not word.endswith("s") or word.endswith("ss"):
        return False
    return word[:-1] in known or (word.endswith("es") and word[:-2] in known)


def build(folder: Path) -> dict[str, str]:
    """Make the texts of both files."""
    common = words_up_to(folder, SECRET_SIZE)
    known = words_up_to(folder, GUESS_SIZE)
    five = sorted(w for w in common if len(w) == 5)
    plain = {w for w in five if not is_inflected(w, known) and w not in NO_SECRETS}
    secrets = sorted(plain | set(WORDS))
    guesses = sorted(w for w in known if len(w) == 5)
    return {
        "secrets.txt": "\n".join(secrets) + "\n",
        "guesses.txt": "\n".join(guesses) + "\n",
    }


def main() -> int:
    """Write the files, or with ``--check`` compare them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    stale = False
    for name, text in build(options.folder).items():
        path = DATA / name
        if options.check:
            stale |= path.read_text(encoding="utf-8") != text
        else:
            path.write_text(text, encoding="utf-8", newline="\n")
        print(f"{name}: {text.count(chr(10))} words")
    if stale:
        print("the files differ from what this script makes", file=sys.stderr)
    return int(stale)


if __name__ == "__main__":
    raise SystemExit(main())
