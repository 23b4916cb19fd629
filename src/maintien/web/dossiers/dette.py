"""The chart of debt by age over 24 months, with what was done marked on it, and its table."""

import csv
import io
import json
from collections.abc import Sequence
from datetime import date

from maintien.apps.comptes.selectors import DetteParAge
from maintien.apps.dossiers.enums import GenreFait
from maintien.apps.dossiers.models import Fait
from maintien.coeur.calendrier import format_jour, periode_de
from maintien.coeur.montants import format_pivot
from maintien.web.communs.typographie import euros, mois_court
from maintien.web.dossiers.presentation import DetteLue, MoisDette, TrancheLue

TRANCHES = ("Moins d’un mois", "1 à 3 mois", "3 à 6 mois", "6 à 12 mois", "12 mois et plus")
MARQUES = (GenreFait.APPEL, GenreFait.VISITE, GenreFait.PAUSE)


def dette_lue(histoire: Sequence[DetteParAge], faits: Sequence[Fait]) -> DetteLue:
    mois = [_mois(dette) for dette in histoire]
    dernier = mois[-1]
    plus_haut = max(mois, key=lambda m: m.total)
    return DetteLue(
        resume=(
            f"Loyers et charges en retard sur {len(mois)} mois, par ancienneté : {euros(dernier.total)} aujourd’hui, "
            f"au plus haut {euros(plus_haut.total)} en {plus_haut.libelle}. Les chiffres sont dans le tableau."
        ),
        tranches=[TrancheLue(nom, dernier.tranches[rang]) for rang, nom in enumerate(TRANCHES)],
        total_centimes=dernier.total,
        mois=mois[::-1],
        series=json.dumps(_series(mois, _reperes(histoire, faits)), ensure_ascii=False),
    )


def _series(mois: Sequence[MoisDette], reperes: list[dict[str, object]]) -> dict[str, object]:
    """What graphique.js draws."""
    return {
        "mois": [m.libelle for m in mois],
        "tranches": [{"nom": nom, "valeurs": [m.tranches[r] for m in mois]} for r, nom in enumerate(TRANCHES)],
        "reperes": reperes,
    }


def _mois(dette: DetteParAge) -> MoisDette:
    tranches = (
        dette.lt1_centimes,
        dette.de_1_a_3_centimes,
        dette.de_3_a_6_centimes,
        dette.de_6_a_12_centimes,
        dette.ge12_centimes,
    )
    return MoisDette(mois_court(dette.au.year, dette.au.month), tranches, dette.total_centimes)


def _reperes(histoire: Sequence[DetteParAge], faits: Sequence[Fait]) -> list[dict[str, object]]:
    rangs = {periode_de(dette.au): rang for rang, dette in enumerate(histoire)}
    return [
        {"rang": rangs[periode_de(fait.date)], "texte": f"{fait.get_genre_display()} du {format_jour(fait.date)}"}
        for fait in faits
        if fait.genre in MARQUES and periode_de(fait.date) in rangs
    ]


def dette_csv(histoire: Sequence[DetteParAge]) -> str:
    """The table for a spreadsheet: semicolons, decimal comma, as French ones read them."""
    sortie = io.StringIO()
    lignes = csv.writer(sortie, delimiter=";", lineterminator="\r\n")
    lignes.writerow(["Au", *TRANCHES, "En tout"])
    for dette in histoire:
        montants = [*_mois(dette).tranches, dette.total_centimes]
        lignes.writerow([_jour_iso(dette.au), *(format_pivot(m).replace(".", ",") for m in montants)])
    return "\ufeff" + sortie.getvalue()


def _jour_iso(jour: date) -> str:
    return jour.isoformat()
