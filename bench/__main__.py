"""`./run bench [MESURE] [ARGUMENTS]`: one measure, or all of them in turn."""

import importlib
import sys
from pathlib import Path

from bench.machine import describe

OUTILLAGE = {"__init__", "__main__", "machine"}


def measures() -> dict[str, str]:
    """Name of each measure and the first line of its module, which says what it measures."""
    trouvees = {}
    for fichier in sorted(Path(__file__).parent.glob("*.py")):
        if fichier.stem not in OUTILLAGE:
            module = importlib.import_module(f"bench.{fichier.stem}")
            if hasattr(module, "main"):
                trouvees[fichier.stem] = (module.__doc__ or "").splitlines()[0]
    return trouvees


def main(arguments: list[str]) -> int:
    disponibles = measures()
    if arguments[:1] in (["--help"], ["-h"]) or (arguments and arguments[0] not in disponibles):
        print("Mesures :", *(f"  {nom:<12} {texte}" for nom, texte in disponibles.items()), sep="\n")
        return 0 if arguments[0] in ("--help", "-h") else 2
    print(describe())
    for nom in arguments[:1] or disponibles:
        print(f"\n== {nom} : {disponibles[nom]}", flush=True)
        importlib.import_module(f"bench.{nom}").main(arguments[1:])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
