"""What is kept from one pass to the next: for each account, when its situation may change if nothing arrives."""

import hashlib
import json
import os
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from maintien.moteurs.colonnes.droit import droit
from maintien.moteurs.colonnes.manifeste import synchroniser_dossier
from maintien.moteurs.colonnes.noyau.compilation import somme_des_sources
from maintien.moteurs.colonnes.noyau.structures import I32, I64, S_PROCHAINE, U8
from maintien.moteurs.colonnes.tableaux import un_bloc

NOM = "etat.arrow"
_METADONNEES = b"passe"
_PAR_COMPTE = ("statut", "locataire", "prochaine", "empreinte")


@dataclass(frozen=True, slots=True)
class Etat:
    """The state after a pass: which mirror it read, on which day, and the rest by account in plain character order."""

    identite: str
    numero: int
    au: date
    references: Any
    statut: U8
    locataire: U8
    prochaine: I32
    empreinte: I64

    def precede(self, identite: str, numero: int, au: date) -> bool:
        """Whether a pass on this mirror and this day may start from here."""
        return self.identite == identite and self.numero <= numero and self.au <= au

    def enregistrer(self, dossier: Path) -> None:
        """Keep this state, once its situations are safe: a later pass trusts it. Old or new, never half."""
        colonnes = {"reference_compte": self.references, **{nom: getattr(self, nom) for nom in _PAR_COMPTE}}
        entete = {"version": version(), "identite": self.identite, "numero": self.numero, "au": self.au.isoformat()}
        table = pa.table(colonnes, metadata={_METADONNEES: json.dumps(entete).encode("utf-8")})
        provisoire = dossier / f"{NOM}.{os.getpid()}.tmp"
        with provisoire.open("wb") as flux:
            with pa.ipc.new_file(flux, table.schema) as ecrivain:
                ecrivain.write_table(table)
            flux.flush()
            os.fsync(flux.fileno())
        provisoire.replace(dossier / NOM)
        synchroniser_dossier(dossier)


def lire_etat(dossier: Path) -> Etat | None:
    """The state kept in a mirror folder; nothing when there is none that this version can trust."""
    try:
        with pa.OSFile(str(dossier / NOM)) as flux:
            table = pa.ipc.open_file(flux).read_all()
        entete = json.loads(table.schema.metadata[_METADONNEES])
        if entete["version"] != version():
            return None
        return Etat(
            identite=entete["identite"],
            numero=entete["numero"],
            au=date.fromisoformat(entete["au"]),
            references=un_bloc(table.column("reference_compte")),
            **{nom: un_bloc(table.column(nom)).to_numpy() for nom in _PAR_COMPTE},
        )
    except (OSError, pa.ArrowInvalid, ValueError, KeyError, TypeError):
        return None


@cache
def version() -> str:
    """Changes with the kernel and with the law: what another version computed is not trusted."""
    return f"{somme_des_sources()}-{hashlib.sha256(droit().tobytes()).hexdigest()[:8]}"


def empreintes(sortie: I64, statut: U8) -> I64:
    """A 64-bit sum of each situation, to tell which ones changed; the observation date is not in it."""
    somme = statut.astype(np.uint64)
    for rang, valeurs in enumerate(sortie):
        if rang != S_PROCHAINE:
            somme = (somme ^ valeurs.view(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
            somme ^= somme >> np.uint64(29)
    return somme.view(np.int64)
