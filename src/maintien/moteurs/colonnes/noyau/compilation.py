"""How the kernel is compiled: machine code kept on disk, released lock, a cache that follows the sources.

Numba looks only at the file of the function that it loads: after an update of another file of the kernel it would
run the old machine code. The cache folder therefore carries a sum of all of them.
"""

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

_ICI = Path(__file__).resolve().parent
_Fonction = TypeVar("_Fonction", bound=Callable[..., Any])


def somme_des_sources() -> str:
    """Changes with any file of the kernel."""
    somme = hashlib.sha256()
    for fichier in sorted(_ICI.glob("*.py")):
        somme.update(fichier.read_bytes())
    return somme.hexdigest()[:16]


def _dossiers_possibles() -> list[Path]:
    """Beside the sources where one may write (a checkout), else the user's cache, else the temporary folder."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    return [_ICI / "__pycache__", base / "maintien", Path(tempfile.gettempdir()) / f"maintien-{os.getuid()}"]


def _dossier_du_cache() -> Path | None:
    """The first folder that can be written and is ours: machine code laid by somebody else is never loaded."""
    for dossier in _dossiers_possibles():
        try:
            dossier.mkdir(parents=True, exist_ok=True)
            if dossier.stat().st_uid == os.getuid() and os.access(dossier, os.W_OK):
                return dossier / f"noyau-{somme_des_sources()}"
        except OSError:
            continue
    return None


def _regler_le_cache() -> bool:
    if numba.config.CACHE_DIR:
        return True
    dossier = _dossier_du_cache()
    if dossier is None:
        return False
    numba.config.CACHE_DIR = str(dossier)
    return True


_CACHE = _regler_le_cache() and not hasattr(sys, "frozen")


def compiler(fonction: _Fonction) -> _Fonction:
    """Compile a part of the kernel, called by compiled code only.

    Without an entry from Python it compiles in half the time; put in the place of its calls it runs a quarter to a
    third faster, for half a second more of compilation.
    """
    options = {"nogil": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True, "forceinline": True}
    return cast(_Fonction, numba.njit(**options)(fonction))


def compiler_entree(fonction: _Fonction) -> _Fonction:
    """Compile what Python calls; it runs without the interpreter lock and is kept on disk with all its parts."""
    return cast(_Fonction, numba.njit(nogil=True, cache=_CACHE)(fonction))
