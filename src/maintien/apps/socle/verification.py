"""Proves that a chain of the journal is whole, or names the first line where it is not.

Reads in the order of ranks and keeps nothing: what is remembered is the digest of the line before.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, QuerySet

from maintien.apps.socle import soupcons
from maintien.apps.socle.chaine import CHAMPS, ORIGINE, Chaine, digest, head_signature, of_chain, seal_signature
from maintien.apps.socle.cles import CleInconnueError
from maintien.apps.socle.enums import Flux
from maintien.apps.socle.models import Evenement, EvenementPlateforme, SceauJournal, TeteJournal
from maintien.apps.socle.soupcons import Faute, Genre, Lue

_LOT = 2000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found of one chain. `faute` is the first difference; `is_illisible` when it cannot be verified here."""

    chaine: Chaine
    lignes: int
    sceaux: int
    derniere: int
    empreinte: str
    faute: Faute | None = None
    is_illisible: bool = False


def chains_of(organisme_id: int | None) -> list[Chaine]:
    """The chains that an organisme may have; nothing means those of the platform."""
    if organisme_id is None:
        return [(None, Flux.PLATEFORME.value)]
    return [(organisme_id, flux.value) for flux in (Flux.ACTES, Flux.TRAVAUX)]


def lines_of(chaine: Chaine) -> "QuerySet[Evenement] | QuerySet[EvenementPlateforme]":
    """The lines of a chain; the scope of its organisme is to be entered by the caller."""
    organisme_id, flux = chaine
    if organisme_id is None:
        return EvenementPlateforme.objects.filter(flux=flux)
    return Evenement.objects.filter(flux=flux)


def verify(chaine: Chaine) -> Verdict:
    tete = TeteJournal.objects.filter(of_chain(chaine)).first()
    try:
        return _verify(chaine, tete)
    except CleInconnueError as erreur:
        # The head says which key is in use: without that one, nothing here can be verified by anybody.
        faute = Faute(Genre.CLE, 0, 0, None, str(erreur))
        return Verdict(chaine, 0, 0, 0, ORIGINE, faute, is_illisible=tete is not None and str(erreur) == tete.cle)


def read_lines(chaine: Chaine, *, apres: int = 0, jusqua: int | None = None) -> Iterator[Lue]:
    """The lines of a chain by rank, as values: rank, instant, digest, and what the digest covers."""
    lignes = lines_of(chaine).filter(sequence__gt=apres)
    if jusqua is not None:
        lignes = lignes.filter(sequence__lte=jusqua)
    valeurs = lignes.order_by("sequence", "pk").values_list(*CHAMPS, "empreinte")
    return (_read(ligne) for ligne in valeurs.iterator(chunk_size=_LOT))


def seals_of(chaine: Chaine) -> list[SceauJournal]:
    return list(SceauJournal.objects.filter(of_chain(chaine)).order_by("premiere"))


def check_segment(chaine: Chaine, precedente: str, apres: int, lignes: Iterator[Lue]) -> tuple[int, str, Faute | None]:
    """Follow the chain from a rank and its digest: the last rank reached, its digest, and the first difference."""
    rang, empreinte = apres, precedente
    for ligne in lignes:
        if ligne.rang != rang + 1:
            genre = Genre.SUPPRIMEE if ligne.rang > rang + 1 else Genre.AJOUTEE
            return (
                rang,
                empreinte,
                Faute(genre, min(rang + 1, ligne.rang), max(rang + 1, ligne.rang - 1), ligne.instant),
            )
        if not _is_sealed(chaine, empreinte, ligne):
            return rang, empreinte, soupcons.explain(chaine, empreinte, ligne, _around(chaine, ligne.rang))
        rang, empreinte = ligne.rang, ligne.empreinte
    return rang, empreinte, None


def _verify(chaine: Chaine, tete: TeteJournal | None) -> Verdict:
    sceaux = seals_of(chaine)
    debut, empreinte, faute = _check_seals(sceaux)
    rang = debut
    if faute is None and tete is not None and not _is_signed(chaine, tete):
        faute = Faute(Genre.TETE, tete.sequence, tete.sequence, None)
    if faute is None:
        jusqua = None if tete is None else tete.sequence
        rang, empreinte, faute = check_segment(
            chaine, empreinte, debut, read_lines(chaine, apres=debut, jusqua=jusqua)
        )
        if faute is not None and faute.genre == Genre.SUPPRIMEE and len(seals_of(chaine)) > len(sceaux):
            return _verify(chaine, tete)  # a month was purged while we were reading
    faute = faute or _check_before(chaine, debut, sceaux) or _check_end(chaine, tete, rang, empreinte)
    return Verdict(chaine, rang - debut, len(sceaux), rang, empreinte, faute)


def _check_seals(sceaux: Sequence[SceauJournal]) -> tuple[int, str, Faute | None]:
    """Seals follow one another: each is signed with the one before."""
    rang, empreinte, signature = 0, ORIGINE, ""
    for sceau in sceaux:
        if sceau.signature != seal_signature(sceau, signature):
            return rang, empreinte, Faute(Genre.SCEAU, sceau.premiere, sceau.derniere, None, sceau.mois)
        rang, empreinte, signature = sceau.derniere, sceau.derniere_empreinte, sceau.signature
    return rang, empreinte, None


def _check_before(chaine: Chaine, debut: int, sceaux: Sequence[SceauJournal]) -> Faute | None:
    """What a seal covers is gone: a line there was added, or put back."""
    restante = (
        lines_of(chaine).filter(sequence__lte=debut).order_by("sequence").values_list("sequence", "instant").first()
    )
    if restante is None:
        return None
    return Faute(Genre.AJOUTEE, restante[0], restante[0], restante[1])


def _check_end(chaine: Chaine, tete: TeteJournal | None, rang: int, empreinte: str) -> Faute | None:
    dernier = lines_of(chaine).aggregate(dernier=Max("sequence"))["dernier"] or 0
    if tete is None:
        return Faute(Genre.SANS_TETE, rang, rang, None) if rang else None
    if rang < tete.sequence:
        return Faute(Genre.TRONQUE, rang + 1, tete.sequence, None)
    if empreinte != tete.empreinte:
        return Faute(Genre.TETE, tete.sequence, tete.sequence, None)
    tete.refresh_from_db()
    if dernier > tete.sequence:
        premiere = lines_of(chaine).filter(sequence__gt=tete.sequence).order_by("sequence").first()
        if premiere is not None:
            return Faute(Genre.AJOUTEE, premiere.sequence, dernier, premiere.instant)
    return None


def _is_signed(chaine: Chaine, tete: TeteJournal) -> bool:
    return tete.signature == head_signature(*chaine, tete.sequence, tete.empreinte, tete.cle)


def _is_sealed(chaine: Chaine, precedente: str, ligne: Lue) -> bool:
    return ligne.empreinte == digest(precedente, chaine[0], ligne.valeurs)


def _around(chaine: Chaine, rang: int) -> list[Lue]:
    portee = soupcons.VOISINES
    return list(read_lines(chaine, apres=rang - portee, jusqua=rang + portee))


def _read(ligne: tuple[Any, ...]) -> Lue:
    rang, instant = CHAMPS.index("sequence"), CHAMPS.index("instant")
    lu: datetime = ligne[instant]
    return Lue(ligne[rang], lu, ligne[-1], ligne[:-1])
