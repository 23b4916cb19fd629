"""DuckDB, for what sorts or compares more than memory holds."""

from pathlib import Path

import duckdb

from maintien.moteurs.colonnes.decoupe import nombre_de_fils


def connecter(dossier: Path | None = None, memoire: str = "") -> duckdb.DuckDBPyConnection:
    """A private DuckDB, without network nor extension; it spills into `dossier` beyond `memoire`."""
    reglages: dict[str, str | bool | int | float | list[str]] = {
        "threads": nombre_de_fils(),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    if dossier is not None:
        reglages["temp_directory"] = str(dossier)
    if memoire:
        reglages["memory_limit"] = memoire
    return duckdb.connect(config=reglages)
