"""The chain of the journal: each line carries a keyed digest of itself and of the line before.

One chain per organisme and per flux. Whoever writes locks the head of the chain, last of all its locks, until the end
of its transaction (`journal.atomic` sees to it): no two lines have one rank, and a rolled back act leaves no hole.
"""

import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q

from maintien.apps.socle.cles import current_key, sign
from maintien.apps.socle.enums import Flux
from maintien.apps.socle.models import LigneJournal, SceauJournal, TeteJournal
from maintien.apps.socle.portee import organisme_scope

# The first line follows nothing.
ORIGINE = "0" * 64
_VERSION = 1
_EPOQUE = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECONDE = timedelta(microseconds=1)
_RANG_FLUX = {flux: rang for rang, flux in enumerate(Flux)}

Chaine = tuple[int | None, str]
"""Organisme, or nothing for the platform, and flux."""

CHAMPS = (
    "flux",
    "sequence",
    "instant",
    "acteur_id",
    "role",
    "acte",
    "objet_type",
    "objet_id",
    "menage_ref",
    "finalite",
    "motif",
    "details",
    "session",
    "adresse",
    "cle",
)
"""What a digest covers, in this order, after the version of the encoding and the organisme."""


def frozen(valeur: Any) -> Any:
    """The value as both databases give it back: composed letters, text keys, lists; a float has no one writing."""
    if valeur is None or isinstance(valeur, bool | int):
        return valeur
    if isinstance(valeur, str):
        return str(valeur) if valeur.isascii() else unicodedata.normalize("NFC", valeur)
    if isinstance(valeur, Mapping):
        return {frozen(str(nom)): frozen(element) for nom, element in valeur.items()}
    if isinstance(valeur, list | tuple):
        return [frozen(element) for element in valeur]
    raise TypeError(f"journal: {type(valeur).__name__} has no canonical form.")


def digest(precedente: str, organisme_id: int | None, valeurs: Sequence[Any]) -> str:
    """The digest of a line given by its `CHAMPS`. Exact on what is stored: nothing is repaired when verifying."""
    dits = [_micros(v) if isinstance(v, datetime) else v for v in valeurs]
    return sign(valeurs[-1], bytes.fromhex(precedente) + _encode([_VERSION, organisme_id, *dits]))


def head_signature(organisme_id: int | None, flux: str, sequence: int, empreinte: str, cle: str) -> str:
    return sign(cle, _encode(["tete", _VERSION, organisme_id, flux, sequence, empreinte, cle]))


def seal_signature(sceau: SceauJournal, precedente: str) -> str:
    """Covers the signature of the seal before: seals are a chain of their own."""
    champs = (sceau.flux, sceau.mois, sceau.premiere, sceau.derniere, sceau.nombre)
    fin = (sceau.premiere_empreinte, sceau.derniere_empreinte, sceau.cle, precedente)
    return sign(sceau.cle, _encode(["sceau", _VERSION, sceau.organisme_id, *champs, *fin]))


def of_chain(chaine: Chaine) -> Q:
    """The condition on heads and seals."""
    organisme_id, flux = chaine
    return Q(organisme__isnull=True, flux=flux) if organisme_id is None else Q(organisme_id=organisme_id, flux=flux)


def append(lignes: Iterable[LigneJournal]) -> None:
    """Chain these lines and write them, in the transaction of the caller, heads locked in one order for everybody."""
    par_chaine: dict[Chaine, list[LigneJournal]] = defaultdict(list)
    for ligne in lignes:
        par_chaine[getattr(ligne, "organisme_id", None), ligne.flux].append(ligne)
    for chaine in sorted(par_chaine, key=lambda c: (c[0] or 0, _RANG_FLUX[Flux(c[1])])):
        _append_to(chaine, par_chaine[chaine])


def _append_to(chaine: Chaine, lignes: list[LigneJournal]) -> None:
    organisme_id, flux = chaine
    cle = current_key()
    with nullcontext() if organisme_id is None else organisme_scope(organisme_id):
        tete = _locked_head(chaine, cle)
        for ligne in lignes:
            tete.sequence += 1
            ligne.sequence, ligne.cle = tete.sequence, cle
            tete.empreinte = ligne.empreinte = digest(
                tete.empreinte, organisme_id, [getattr(ligne, champ) for champ in CHAMPS]
            )
        _insert(lignes)
        signature = head_signature(organisme_id, flux, tete.sequence, tete.empreinte, cle)
        TeteJournal.objects.filter(pk=tete.pk).update(
            sequence=tete.sequence, empreinte=tete.empreinte, cle=cle, signature=signature
        )


def _insert(lignes: list[LigneJournal]) -> None:
    if len(lignes) == 1:
        lignes[0].save(force_insert=True)
        return
    # By hand: the ORM writes the statement anew for each row, and half the time of a nightly lot would go there.
    modele = lignes[0]._meta  # noqa: SLF001
    champs = [champ for champ in modele.concrete_fields if not champ.primary_key]
    noms, places = ", ".join(str(champ.column) for champ in champs), ", ".join(["%s"] * len(champs))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {modele.db_table} ({noms}) VALUES ({places})",  # noqa: S608
            [[_prepared(champ.attname, getattr(ligne, champ.attname)) for champ in champs] for ligne in lignes],
        )


def _prepared(nom: str, valeur: Any) -> Any:
    if nom == "instant":
        return connection.ops.adapt_datetimefield_value(valeur)
    return json.dumps(valeur, ensure_ascii=False) if nom == "details" else valeur


def _locked_head(chaine: Chaine, cle: str) -> TeteJournal:
    organisme_id, flux = chaine
    tetes = TeteJournal.objects.select_for_update().filter(of_chain(chaine))
    tete = tetes.first()
    if tete is None:
        signature = head_signature(organisme_id, flux, 0, ORIGINE, cle)
        nouvelle = TeteJournal(
            organisme_id=organisme_id, flux=flux, sequence=0, empreinte=ORIGINE, cle=cle, signature=signature
        )
        # Two first lines at once: one head is made, and the second writer waits for it here.
        TeteJournal.objects.bulk_create([nouvelle], ignore_conflicts=True)
        tete = tetes.get()
    return tete


def _micros(instant: datetime) -> int:
    return (instant - _EPOQUE) // _MICROSECONDE


def _encode(valeurs: list[Any]) -> bytes:
    return json.dumps(valeurs, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
