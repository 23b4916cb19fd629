"""Le terme moyen net et les mois de dette (conventions, C8)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from maintien.coeur.calendrier import Periode
from maintien.coeur.compte.ecritures import CODES_AIDE_AU_LOGEMENT, Ecriture
from maintien.coeur.compte.postes import LigneTerme
from maintien.coeur.montants import Centimes, diviser_au_plus_proche

_CODES_TERME_COURANT = frozenset({"LOY", "ANX", "CHG", "SLS", "RLS", "CLE", "ASS", "IND"})
_NOMBRE_DE_MOIS = 12
_MOIS_DU_SEUIL = 3


@dataclass(frozen=True, slots=True)
class Moyenne:
    """La somme `total_centimes` des termes des `nombre_de_mois` derniers mois appelés.

    Le quotient n'est arrondi qu'à la fin : le comparer au seuil de trois termes se fait en entiers.
    """

    total_centimes: Centimes
    nombre_de_mois: int

    def terme_centimes(self) -> Centimes:
        """Rend le terme moyen, arrondi une fois, la moitié vers le haut."""
        return diviser_au_plus_proche(self.total_centimes, self.nombre_de_mois)

    def mois_de_dette_centiemes(self, dette_locative: Centimes) -> int:
        """Rend le nombre de mois de dette en centièmes, arrondi une fois, la moitié vers le haut."""
        return diviser_au_plus_proche(100 * dette_locative * self.nombre_de_mois, self.total_centimes)

    def is_trois_termes(self, dette_locative: Centimes) -> bool:
        """Dit si la dette atteint trois termes moyens, sans arrondi."""
        return dette_locative > 0 and dette_locative * self.nombre_de_mois >= _MOIS_DU_SEUIL * self.total_centimes


def moyenne(lignes: Iterable[LigneTerme], ecritures: Iterable[Ecriture], au: date) -> Moyenne | None:
    """Rend la moyenne des (au plus) douze derniers mois appelés et échus, ou rien (C8).

    L'APL et ses rappels des mêmes mois sont déduits ; si rien ne reste, la moyenne se prend sans eux.
    Un mois incomplet, à l'entrée ou à la sortie, compte pour un mois.
    """
    par_mois: dict[Periode, Centimes] = {}
    for ligne in lignes:
        if ligne.code in _CODES_TERME_COURANT and ligne.date_exigibilite <= au:
            par_mois[ligne.mois] = par_mois.get(ligne.mois, 0) + ligne.montant_centimes
    retenus = set(sorted(par_mois)[-_NOMBRE_DE_MOIS:])
    appele = sum(par_mois[mois] for mois in retenus)
    aide = -sum(e.montant_centimes for e in ecritures if e.code in CODES_AIDE_AU_LOGEMENT and e.periode in retenus)
    total = appele - aide if appele - aide > 0 else appele
    return Moyenne(total, len(retenus)) if total > 0 and retenus else None
