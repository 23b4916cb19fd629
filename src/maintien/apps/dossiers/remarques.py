"""Texts kept although a warning asked to read them again: written down with the act, for the DPO to see."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import blake2b

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from maintien.apps.dossiers.enums import RaisonGarder
from maintien.apps.dossiers.models import Menage, RemarqueLexique
from maintien.apps.organismes.models import Appartenance, Utilisateur
from maintien.apps.organismes.permissions import require, visible
from maintien.apps.socle import journal
from maintien.coeur.lexique.lexique import lexique

VOIR = "lexique.voir"
LIGNES_MAX = 200
_PSEUDONYME = 4


@dataclass(frozen=True, slots=True)
class Garde:
    """What was kept: the field, and the class of the words that were to be read again."""

    champ: str
    classe: str


@dataclass(frozen=True, slots=True)
class EtatRemarques:
    """Latest lines, and how many by category and by author."""

    lignes: tuple[RemarqueLexique, ...]
    par_categorie: tuple[tuple[str, int], ...]
    par_auteur: tuple[tuple[str, int], ...]
    total: int


def record_remarques(
    appartenance: Appartenance, menage: Menage, gardes: Collection[Garde], raison: RaisonGarder | None, cle: str = ""
) -> None:
    """In the transaction of the act. The form sent twice (`cle`) is told once."""
    if not gardes or raison is None or (cle and RemarqueLexique.objects.filter(cle=cle).exists()):
        return
    with journal.atomic():
        remarques = RemarqueLexique.objects.bulk_create(
            RemarqueLexique(
                menage=menage,
                champ=garde.champ,
                categorie=lexique().classes[garde.classe],
                classe=garde.classe,
                raison=raison,
                version=lexique().version,
                auteur=appartenance.utilisateur,
                jour=timezone.localdate(),
                cle=cle,
            )
            for garde in sorted(set(gardes), key=lambda garde: (garde.champ, garde.classe))
        )
        classes = [remarque.classe for remarque in remarques]
        journal.record("lexique.garder", menage, acteur=appartenance.utilisateur, classes=classes, raison=raison)


def remarques_state(appartenance: Appartenance | None) -> EtatRemarques:
    """What the DPO reads: households by a pseudonym that leads nowhere."""
    membre = require(appartenance, VOIR)
    remarques = visible(RemarqueLexique.objects.select_related("auteur"), membre, VOIR)
    categories = Counter(dict(remarques.order_by().values_list("categorie").annotate(Count("pk"))))
    lignes = tuple(remarques.order_by("-jour", "-pk")[:LIGNES_MAX])
    nombres = dict(remarques.order_by().values_list("auteur").annotate(Count("pk")))
    noms = Utilisateur.objects.in_bulk(list(nombres))
    auteurs = Counter({str(noms[pk]): nombre for pk, nombre in nombres.items()})
    return EtatRemarques(lignes, _tries(categories), _tries(auteurs), sum(categories.values()))


def _tries(comptes: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(comptes.items(), key=lambda paire: (-paire[1], paire[0])))


def pseudonyme(menage_id: int) -> str:
    """The same household bears the same name on the page, and nobody can tell which one it is."""
    cle = settings.SECRET_KEY.encode()[:64]
    return blake2b(str(menage_id).encode(), key=cle, digest_size=_PSEUDONYME).hexdigest().upper()
