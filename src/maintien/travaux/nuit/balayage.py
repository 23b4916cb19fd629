"""One scan of the whole mirror for the few accounts that owe nothing and still deserve a look."""

from datetime import date, timedelta
from typing import Any, cast

from maintien.coeur.calendrier import fin_de_mois, periode_de
from maintien.moteurs.colonnes.miroir import Miroir
from maintien.moteurs.colonnes.tri import connecter

MOIS_D_AIDE = 8
JOURS_DE_REJET = 31

# Accounts whose aid came for some month and not for the last one that is over; the rule itself is in `coeur`.
_AIDES = """
select distinct reference_compte from (
  select reference_compte, max(periode) as dernier from {source}
  where code in ('APL', 'RAP') and periode between $debut and $attendu and date_comptable <= $au and credit > debit
  group by reference_compte
) where dernier < $attendu
"""
_DERNIER_PAIEMENT = """
select max(date_comptable) from {source}
where code in ('PAI', 'APL') and date_comptable <= $au and credit > debit
"""
_REJETS = """
select distinct reference_compte from {source}
where code = 'REJ' and date_comptable > $depuis and date_comptable <= $au
"""


def accounts_to_look_at(miroir: Miroir, au: date) -> set[str]:
    """Accounts with a recent reject, or whose aid has stopped."""
    with miroir.ouvrir() as instantane:
        fichiers = [str(miroir.dossier / seau.seau.ecritures.nom) for seau in instantane.seaux]
        if not fichiers:
            return set()
        source = f"read_parquet([{', '.join(_quoted(nom) for nom in fichiers)}])"
        attendu = last_aid_month(au)
        with connecter() as base:
            aides = _run(base, _AIDES, source, au=au, debut=attendu - MOIS_D_AIDE, attendu=attendu)
            rejets = _run(base, _REJETS, source, au=au, depuis=au - timedelta(days=JOURS_DE_REJET))
    return aides | rejets


def last_payment(miroir: Miroir, au: date) -> date | None:
    """The last day on which a payment of a tenant or an aid is booked: how far the books go."""
    with miroir.ouvrir() as instantane:
        fichiers = [str(miroir.dossier / seau.seau.ecritures.nom) for seau in instantane.seaux]
        if not fichiers:
            return None
        source = f"read_parquet([{', '.join(_quoted(nom) for nom in fichiers)}])"
        with connecter() as base:
            [(jour,)] = base.execute(_DERNIER_PAIEMENT.format(source=source), {"au": au}).fetchall()
    return cast("date | None", jour)


def last_aid_month(au: date) -> int:
    """The last month that is over: its aid came on the 25th."""
    mois = periode_de(au)
    return mois if fin_de_mois(mois) <= au else mois - 1


def _run(base: Any, requete: str, source: str, **parametres: Any) -> set[str]:
    return {compte for (compte,) in base.execute(requete.format(source=source), parametres).fetchall()}


def _quoted(texte: str) -> str:
    return "'" + texte.replace("'", "''") + "'"
