"""The Parquet mirror of a landlord's écritures, brought up to the last committed delivery.

The database is the truth. The mirror carries the number and the identifier of the delivery it has reached; whoever
finds a gap, a damaged file, a mirror ahead of the database or a mirror of another history (a backup was restored, then
other files were imported under the same numbers) makes it again.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.conf import settings
from django.db import connection

from maintien.apps.comptes.models import Compte, Ecriture, Livraison
from maintien.apps.organismes.models import Organisme
from maintien.apps.socle.portee import organisme_scope
from maintien.moteurs.colonnes.manifeste import MiroirIllisibleError
from maintien.moteurs.colonnes.miroir import Miroir, MiroirEnEcartError
from maintien.moteurs.colonnes.schemas import SCHEMA_ECRITURES

LOT = 200_000
# Beyond this, making the mirror again by lots costs less memory than adding all at once.
AJOUT_MAXIMUM = 2_000_000
# Dates as text and months as numbers come out of the database, since Arrow turns a column of them in one call. The
# text of the order is made of the names of our own tables; every value is a parameter.
_LECTURE = f"""
SELECT e.reference, k.reference, CAST(e.date_comptable AS varchar(10)), CAST(e.date_valeur AS varchar(10)),
       CAST(e.date_exigibilite AS varchar(10)),
       CASE WHEN e.periode = '' THEN NULL
            ELSE CAST(SUBSTR(e.periode, 1, 4) AS integer) * 12 + CAST(SUBSTR(e.periode, 6, 2) AS integer) - 1 END,
       e.code, e.debit_centimes, e.credit_centimes, e.reference_annulee, e.affectation, e.id
FROM {Livraison._meta.db_table} l
JOIN {Ecriture._meta.db_table} e ON e.livraison_id = l.id
JOIN {Compte._meta.db_table} k ON k.id = e.compte_id
WHERE l.organisme_id = %s AND l.numero > %s AND l.numero <= %s
"""  # noqa: S608, SLF001


def mirror_of(organisme: Organisme) -> Miroir:
    """The mirror of one landlord."""
    return Miroir(Path(settings.MAINTIEN_DONNEES) / "miroir" / organisme.code)


def catch_up(organisme: Organisme) -> int:
    """Bring the mirror up to the last delivery; returns its number. Safe to repeat, killed at any instant."""
    miroir = mirror_of(organisme)
    with organisme_scope(organisme):
        dernier, derniere = _last_delivery()
        try:
            atteint, connue = miroir.derniere
            if _is_same_history(atteint, connue, {0: "", dernier: derniere}):
                if atteint == dernier:
                    return dernier
                nouvelles = Ecriture.objects.filter(livraison__numero__gt=atteint, livraison__numero__lte=dernier)
                if nouvelles.count() <= AJOUT_MAXIMUM:
                    table = pa.concat_tables(_tables(organisme, atteint, dernier))
                    miroir.ajouter(atteint, dernier, table, derniere)
                    return dernier
        except (MiroirIllisibleError, MiroirEnEcartError):
            pass
        miroir.reconstruire(dernier, _tables(organisme, 0, dernier), derniere)
    return dernier


def _last_delivery() -> tuple[int, str]:
    derniere = Livraison.objects.order_by("-numero").values_list("numero", "identifiant").first()
    return derniere or (0, "")


def _is_same_history(atteint: int, connue: str, lues: Mapping[int, str]) -> bool:
    """Whether the delivery that the mirror has reached is the one that the database has under its number.

    Deliveries are only ever added, so that all the former ones are then the same too. An empty identifier is that of
    a delivery made before there were any: nothing can be said of it.
    """
    if atteint in lues:
        return lues[atteint] == connue and bool(connue or atteint == 0)
    return Livraison.objects.filter(numero=atteint, identifiant=connue).exclude(identifiant="").exists()


def _tables(organisme: Organisme, apres: int, jusqua: int) -> Iterator[Any]:
    """Entries of some deliveries as Arrow tables; an empty one first, so that there is always one."""
    yield SCHEMA_ECRITURES.empty_table()
    with connection.chunked_cursor() as cursor:
        cursor.execute(_LECTURE, [organisme.pk, apres, jusqua])
        while lot := cursor.fetchmany(LOT):
            colonnes = zip(*lot, strict=True)
            yield pa.table(
                [_colonne(valeurs, champ) for valeurs, champ in zip(colonnes, SCHEMA_ECRITURES, strict=True)],
                schema=SCHEMA_ECRITURES,
            )


def _colonne(valeurs: tuple[Any, ...], champ: Any) -> Any:
    if pa.types.is_date(champ.type):
        return pa.array(valeurs, type=pa.string()).cast(champ.type)
    return pa.array(valeurs, type=champ.type)
