"""Third step: household after household, the dossiers and the propositions, a lot at a time, each lot whole or not."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from django.db.models import Q

from maintien.apps.comptes.models import Compte, SituationCompte
from maintien.apps.dossiers.enums import EtatDossier
from maintien.apps.dossiers.libelles import name_menages
from maintien.apps.dossiers.menages import attach_menages, protect_menages
from maintien.apps.dossiers.models import Dossier, Menage, MenageCompte
from maintien.apps.socle import journal
from maintien.coeur.orientation.faits import FaitsMenage
from maintien.moteurs.colonnes.miroir import Miroir
from maintien.travaux.nuit.balayage import accounts_to_look_at
from maintien.travaux.nuit.dossiers import update_dossiers
from maintien.travaux.nuit.duo import Equipes
from maintien.travaux.nuit.faits import MenageLu, protections_of, read_menages
from maintien.travaux.nuit.passage import Passage
from maintien.travaux.nuit.propositions import update_propositions
from maintien.travaux.nuit.regles import shortest_grace
from maintien.travaux.nuit.suivi import Suivi, read_suivi

# The ledger is read by blocks, since the mirror is; what is decided is written by lots, since others wait meanwhile.
BLOC = 1000
LOT = 250


def gather_menages() -> None:
    """Before anything is said of an account, its household and protections are known; an import does this already."""
    if Compte.objects.filter(rattachement__isnull=True).exists():
        with journal.atomic():
            attach_menages()
            protect_menages()
            name_menages()


def decide_menages(passage: Passage, sans_bail: Collection[str]) -> None:
    """Run the rules over every household that they may say something about, from where a killed run stopped.

    Without a single payment in the books, nothing can be said of anyone: what was proposed stays as it is.
    """
    passage.tell("menages")
    if passage.couverture.faits_au is None:
        return
    miroir = passage.miroir
    tous = _to_look_at(passage, miroir, sans_bail)
    restants = [menage for menage in tous if menage > passage.curseur]
    fait = len(tous) - len(restants)
    equipes = Equipes()
    for debut in range(0, len(restants), BLOC):
        bloc = restants[debut : debut + BLOC]
        lus = read_menages(bloc, miroir, passage.couverture, sans_bail)
        for rang in range(0, len(bloc), LOT):
            lot = [menage for menage in bloc[rang : rang + LOT] if menage in lus]
            fait += len(bloc[rang : rang + LOT])
            with journal.atomic():
                _read_again_if_protected(lot, lus, passage, sans_bail)
                _decide(lot, lus, passage, equipes)
                passage.curseur = bloc[min(rang + LOT, len(bloc)) - 1]
                passage.save("menages", fait, len(tous))
            passage.tell("menages", fait, len(tous))


def _read_again_if_protected(
    lot: Collection[int], lus: dict[int, MenageLu], passage: Passage, sans_bail: Collection[str]
) -> None:
    """A death or a restriction entered since the facts were read holds tonight; under lock, one entered now waits."""
    menages = Menage.objects.select_for_update().filter(pk__in=lot)
    changes = [menage.pk for menage in menages if protections_of(menage) != lus[menage.pk].protections]
    if changes:
        lus.update(read_menages(changes, passage.miroir, passage.couverture, sans_bail))


def _decide(lot: Collection[int], lus: dict[int, MenageLu], passage: Passage, equipes: Equipes) -> None:
    suivi = read_suivi(lot, passage.au)
    faits = {menage: _seen(suivi, menage, lus[menage].faits, passage) for menage in lot}
    ouverts = update_dossiers(lus, faits, passage, equipes)
    update_propositions(ouverts, suivi, passage)


def _seen(suivi: Suivi, menage: int, faits: FaitsMenage, passage: Passage) -> FaitsMenage:
    """The facts with their follow-up; a pause of tonight holds, though the facts may be of an earlier day."""
    complets = suivi.complete(menage, faits, passage.au)
    if complets.pause is None or complets.pause.du <= passage.faits_au:
        return complets
    return replace(complets, pause=replace(complets.pause, du=passage.faits_au))


def _to_look_at(passage: Passage, miroir: Miroir, sans_bail: Collection[str]) -> list[int]:
    """Households that owe something that is not of this week, that have a dossier, or whose aid or debit bounced.

    In the order of their keys, which is close to that of the accounts in the mirror.
    """
    recent = passage.faits_au - timedelta(days=shortest_grace(passage.regles))
    situations = SituationCompte.objects.filter(
        Q(dette_locative_centimes__gt=0, date_plus_ancien__lte=recent) | Q(dette_accessoires_centimes__gt=0)
    )
    signales = accounts_to_look_at(miroir, passage.faits_au) | set(sans_bail)
    comptes = set(situations.values_list("compte_id", flat=True))
    comptes |= set(_ids(signales))
    menages = set(Dossier.objects.filter(etat=EtatDossier.OUVERT).values_list("menage_id", flat=True))
    for menage_id, compte_id in MenageCompte.objects.values_list("menage_id", "compte_id"):
        if compte_id in comptes:
            menages.add(menage_id)
    return sorted(menages)


def _ids(references: Collection[str]) -> list[int]:
    if not references:
        return []
    return [pk for pk, reference in Compte.objects.values_list("pk", "reference") if reference in references]
