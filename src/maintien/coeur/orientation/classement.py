"""Qui aider d'abord : retard, comportement, et ce que l'aide peut encore changer ; jamais les euros seuls.

Aucune composante ne lit un montant : des jours, des mois de dette (une dette rapportée au terme du
ménage) et des nombres de mois. Propriété : multiplier tous les montants d'un ménage par une même
constante ne change ni ses points ni son rang ; deux ménages au même retard, au même passé et aux mêmes
dates ont les mêmes points, que leur loyer soit de 200 ou de 900 euros. Seules les règles dont le texte
de loi fixe un montant (450 € en 2027) peuvent naître ou disparaître avec l'échelle.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from maintien.coeur.orientation.faits import FaitsMenage
from maintien.coeur.orientation.registre import Constat
from maintien.coeur.orientation.regles import Poids
from maintien.coeur.orientation.retards import croissance_centimes, debut_episode, mois_tardifs_avant

_JOURS_PLEINS = 90
_MOIS_PLEINS_CENTIEMES = 300
_HAUSSE_PLEINE_CENTIEMES = 200
_MOIS_OBSERVES = 12
_TOLERANCE_JOURS = 10
_AIDE_PROCHE_JOURS = 7
_AIDE_LOINTAINE_JOURS = 60
_POINTS_MAX = 2**13 - 1


@dataclass(frozen=True, slots=True)
class Classement:
    """Les composantes du rang, toutes de 0 à 100, et le palier (0 : la loi presse).

    `plus_ancien` départage deux ménages aux mêmes points ; puis la référence du ménage.
    """

    palier: int
    points: int
    retard: int
    comportement: int
    aide: int
    plus_ancien: date | None


class Decoupable(Protocol):
    """Ce qui se coupe aux minutes du jour : une proposition, ou toutes celles d'un ménage, vue de la coupe."""

    @property
    def minutes(self) -> int:
        """Les minutes de travail."""

    @property
    def minutes_loi(self) -> int:
        """Celles de ces minutes que la loi impose au bailleur : elles n'aident pas un ménage par elles-mêmes."""

    @property
    def classement(self) -> Classement:
        """Les composantes du rang."""


class Classable(Decoupable, Protocol):
    """Ce qui se classe : une proposition d'un ménage."""

    @property
    def menage(self) -> str:
        """La clé du ménage."""

    @property
    def genre(self) -> str:
        """Le genre de proposition."""

    @property
    def compte(self) -> str:
        """Le compte dont il s'agit, vide pour le ménage."""

    @property
    def avant_le(self) -> date:
        """La date limite."""


_C = TypeVar("_C", bound=Classable)
_D = TypeVar("_D", bound=Decoupable)


def evaluer(faits: FaitsMenage, constat: Constat, poids: Poids, au: date, *, is_pressant: bool) -> Classement:
    """Rend les composantes du rang d'une proposition."""
    retard = points_de_retard(faits, au)
    comportement = points_de_comportement(faits, au)
    aide = points_d_aide(constat.jour_utile, au)
    points = poids.socle * 100 + poids.retard * retard + poids.comportement * comportement + poids.aide * aide
    return Classement(
        palier=0 if is_pressant else 1,
        points=points,
        retard=retard,
        comportement=comportement,
        aide=aide,
        plus_ancien=faits.date_plus_ancien,
    )


def points_de_retard(faits: FaitsMenage, au: date) -> int:
    """Rend l'ancienneté du retard et les mois de dette, à parts égales, pleins à trois mois."""
    debut = debut_episode(faits)
    if debut is None or faits.dette_locative_centimes <= 0:
        return 0
    age = min(max(0, (au - debut).days), _JOURS_PLEINS) * 100 // _JOURS_PLEINS
    mois = faits.mois_de_dette_centiemes
    if mois is None:
        return age
    part = min(mois, _MOIS_PLEINS_CENTIEMES) * 100 // _MOIS_PLEINS_CENTIEMES
    return (age + part) // 2


def points_de_comportement(faits: FaitsMenage, au: date) -> int:
    """Rend la rupture d'habitude (jamais en retard avant : 100) ou la hausse de la dette, la plus forte des deux.

    Un ménage qui payait toujours et qui ne paie plus a besoin d'un appel aujourd'hui ; un ménage en retard
    tous les mois sans que rien ne bouge demande autre chose qu'un rappel de plus.
    """
    if faits.dette_locative_centimes <= 0:
        return 0
    anciens = mois_tardifs_avant(faits, au, _TOLERANCE_JOURS, _MOIS_OBSERVES)
    rupture = 100 - min(anciens, _MOIS_OBSERVES) * 100 // _MOIS_OBSERVES
    terme = faits.terme_moyen_centimes
    hausse = 0 if terme is None else croissance_centimes(faits) * 100 // terme
    return max(rupture, min(hausse, _HAUSSE_PLEINE_CENTIEMES) * 100 // _HAUSSE_PLEINE_CENTIEMES)


def points_d_aide(jour_utile: date | None, au: date) -> int:
    """Rend ce que l'aide peut encore changer : plein à sept jours d'une échéance utile, nul à soixante."""
    if jour_utile is None:
        return 0
    jours = max(0, (jour_utile - au).days)
    if jours <= _AIDE_PROCHE_JOURS:
        return 100
    ecart = _AIDE_LOINTAINE_JOURS - _AIDE_PROCHE_JOURS
    return max(0, 100 - (jours - _AIDE_PROCHE_JOURS) * 100 // ecart)


def cle_de_tri(proposition: Classable) -> tuple[int, int, date, date, str, str, str]:
    """Rend la clé de tri : palier, points, date limite, plus ancienne dette, ménage, genre, compte.

    Il n'y a jamais d'ex æquo.
    """
    classement = proposition.classement
    return (
        classement.palier,
        -classement.points,
        proposition.avant_le,
        classement.plus_ancien or date.max,
        proposition.menage,
        proposition.genre,
        proposition.compte,
    )


def rang_entier(classement: Classement, avant_le: date) -> int:
    """Rend un entier qui trie comme `cle_de_tri` : palier, points, date limite, plus ancienne dette.

    Une base qui trie par cet entier, puis par numéro de ligne, rend la liste dans l'ordre sans rien
    recalculer. Il tient sur 63 bits.
    """
    points = max(0, min(classement.points, _POINTS_MAX))
    plus_ancien = (classement.plus_ancien or date.max).toordinal()
    rang = (classement.palier << 13 | _POINTS_MAX - points) << 22 | avant_le.toordinal()
    return rang << 22 | plus_ancien


def classer(propositions: Iterable[_C]) -> list[_C]:
    """Rend les propositions de plusieurs ménages, celle à faire d'abord en tête."""
    return sorted(propositions, key=cle_de_tri)


def decouper(
    propositions: Sequence[_D], minutes: int, *, faites_loi: int = 0, faites_menages: int = 0
) -> tuple[list[_D], list[_D]]:
    """Coupe une liste classée aux minutes qui restent : (aujourd'hui, plus tard), chacune dans l'ordre du rang.

    Ce que la loi presse (palier 0 : son échéance est dans les jours que dit la règle) reste toujours au
    jour. La moitié de la journée au moins (ce qui reste et ce qui est déjà fait) va aux ménages, tant
    qu'il s'en trouve à aider : une étape que la loi impose sans presser attend plutôt que de prendre leur
    part, et ce qui presse ne la prend pas non plus, la journée dût-elle déborder. Un ménage que la loi et
    l'aide demandent à la fois est dans la file des ménages. Une action courte ne double jamais une action
    longue qui la précède dans la même file. Quand rien ne tient, la première est du jour tout de même.
    """
    journee = minutes + faites_loi + faites_menages
    moitie = journee - journee // 2
    reserve = min(moitie, faites_menages + sum(p.minutes - p.minutes_loi for p in propositions))
    prises, menages, is_pleine, is_loi_pleine = 0, faites_menages, False, False
    jour: list[_D] = []
    plus_tard: list[_D] = []
    for proposition in propositions:
        duree, aide = proposition.minutes, proposition.minutes - proposition.minutes_loi
        if proposition.classement.palier == 0:
            is_prise = True
        elif aide == 0:
            is_loi_pleine = is_loi_pleine or prises + duree + max(0, reserve - menages) > minutes
            is_prise = not is_pleine and not is_loi_pleine
        else:
            is_pleine = is_pleine or (prises + duree > minutes and menages + aide > moitie)
            is_prise = not is_pleine
        if is_prise:
            jour.append(proposition)
            prises += duree
            menages += aide
        else:
            plus_tard.append(proposition)
    return (jour, plus_tard) if jour else (plus_tard[:1], plus_tard[1:])
