"""Becomes a command that must not outlive its parent: `python -m maintien.cli.enfant PARENT COMMAND...`."""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Ask the Linux kernel for a SIGTERM at the parent's death, then become the command. Elsewhere, only become it."""
    parent, commande = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            sys.exit(1)
    os.execv(commande[0], commande)  # noqa: S606 - the command line of our own supervisor


if __name__ == "__main__":
    main()
