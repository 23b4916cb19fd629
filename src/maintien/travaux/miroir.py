"""The Parquet mirror of a landlord's écritures, brought up to the last committed delivery.

The database is the truth. The mirror carries the number of the delivery it has reached; whoever finds a gap, a
damaged file or a mirror ahead of the database (a backup was restored) makes it again.
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.conf import settings
from django.db.models import Max

from maintien.apps.comptes.models import Ecriture, Livraison
from maintien.apps.organismes.models import Organisme
from maintien.apps.socle.portee import organisme_scope
from maintien.coeur.calendrier import parse_periode
from maintien.moteurs.colonnes.manifeste import MiroirIllisibleError
from maintien.moteurs.colonnes.miroir import Miroir, MiroirEnEcartError
from maintien.moteurs.colonnes.schemas import SCHEMA_ECRITURES

LOT = 200_000
# Beyond this, making the mirror again by lots costs less memory than adding all at once.
AJOUT_MAXIMUM = 2_000_000
_CHAMPS = (
    "reference",
    "compte__reference",
    "date_comptable",
    "date_valeur",
    "date_exigibilite",
    "periode",
    "code",
    "debit_centimes",
    "credit_centimes",
    "reference_annulee",
    "affectation",
    "id",
)
_PERIODE = _CHAMPS.index("periode")


def mirror_of(organisme: Organisme) -> Miroir:
    """The mirror of one landlord."""
    return Miroir(Path(settings.MAINTIEN_DONNEES) / "miroir" / organisme.code)


def catch_up(organisme: Organisme) -> int:
    """Bring the mirror up to the last delivery; returns its number. Safe to repeat, killed at any instant."""
    miroir = mirror_of(organisme)
    with organisme_scope(organisme):
        dernier = Livraison.objects.aggregate(dernier=Max("numero"))["dernier"] or 0
        try:
            atteint = miroir.numero
            if atteint == dernier:
                return dernier
            nouvelles = Ecriture.objects.filter(livraison__numero__gt=atteint, livraison__numero__lte=dernier)
            if atteint < dernier and nouvelles.count() <= AJOUT_MAXIMUM:
                miroir.ajouter(atteint, dernier, pa.concat_tables(_tables(nouvelles)))
                return dernier
        except (MiroirIllisibleError, MiroirEnEcartError):
            pass
        miroir.reconstruire(dernier, _tables(Ecriture.objects.filter(livraison__numero__lte=dernier)))
    return dernier


def _tables(ecritures: Any) -> Iterator[Any]:
    """Entries as Arrow tables, in the order of their delivery; one empty table when there are none."""
    lignes = ecritures.order_by("pk").values_list(*_CHAMPS).iterator(chunk_size=10_000)
    mois: dict[str, int | None] = {"": None}
    yield SCHEMA_ECRITURES.empty_table()
    while lot := list(islice(lignes, LOT)):
        colonnes = [list(colonne) for colonne in zip(*lot, strict=True)]
        colonnes[_PERIODE] = [_periode(mois, texte) for texte in colonnes[_PERIODE]]
        yield pa.table(
            [pa.array(colonne, type=champ.type) for colonne, champ in zip(colonnes, SCHEMA_ECRITURES, strict=True)],
            schema=SCHEMA_ECRITURES,
        )


def _periode(mois: dict[str, int | None], texte: str) -> int | None:
    if texte not in mois:
        mois[texte] = parse_periode(texte)
    return mois[texte]
