"""A database and a data folder that are put back as they were in an instant, on SQLite and on PostgreSQL."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit


class BaseJetable:
    """`sauver` keeps a state under a name; `remettre` brings it back. Nobody may be connected meanwhile."""

    def __init__(self, dossier: Path) -> None:
        self.dossier = dossier / "travail"
        self.modeles = dossier / "modeles"
        self._sauves: list[str] = []
        self.adresse = os.environ.get("MAINTIEN_BASE", "")
        self.nom = f"nuit_pannes_{os.getpid()}"

    def environnement(self) -> dict[str, str]:
        variables = {**os.environ, "MAINTIEN_DONNEES": str(self.dossier)}
        variables["DJANGO_SETTINGS_MODULE"] = "maintien.config.settings.demo"
        for variable in ("MAINTIEN_BASE", "MAINTIEN_BASE_PROPRIETAIRE") if self.adresse else ():
            variables[variable] = _vers(os.environ[variable], self.nom)
        return variables

    @contextmanager
    def ouverte(self) -> Iterator["BaseJetable"]:
        self.dossier.mkdir(parents=True)
        self._executer(f"CREATE DATABASE {self.nom}")
        try:
            yield self
        finally:
            for nom in (self.nom, *(f"{self.nom}_{sauve}" for sauve in self._sauves)):
                self._executer(f"DROP DATABASE IF EXISTS {nom} WITH (FORCE)")

    def sauver(self, nom: str) -> None:
        self._sauves.append(nom)
        shutil.copytree(self.dossier, self.modeles / nom)
        self._executer(f"CREATE DATABASE {self.nom}_{nom} TEMPLATE {self.nom}")

    def remettre(self, nom: str) -> None:
        shutil.rmtree(self.dossier)
        shutil.copytree(self.modeles / nom, self.dossier)
        self._executer(f"DROP DATABASE {self.nom} WITH (FORCE)")
        self._executer(f"CREATE DATABASE {self.nom} TEMPLATE {self.nom}_{nom}")

    def _executer(self, requete: str) -> None:
        """On PostgreSQL only; on SQLite the base is a file of the folder."""
        if not self.adresse:
            return
        import psycopg  # noqa: PLC0415

        proprietaire = _vers(os.environ["MAINTIEN_BASE_PROPRIETAIRE"], "postgres")
        with psycopg.connect(proprietaire, autocommit=True) as connexion:
            connexion.execute(requete)  # type: ignore[arg-type]


def _vers(adresse: str, base: str) -> str:
    return urlunsplit(urlsplit(adresse)._replace(path=f"/{base}"))
