"""What people did and decided about the households of a lot, read under lock, just before the rules are run."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from maintien.apps.dossiers.enums import EtatDossier, EtatProposition, GenreFait
from maintien.apps.dossiers.faits import GENRES_CONTACT
from maintien.apps.dossiers.models import Dossier, Fait, Pause, Proposition
from maintien.coeur.orientation.faits import DossierOuvert, Echange, FaitsMenage
from maintien.coeur.orientation.faits import Pause as PauseVue

_SIGNALEMENT = "impaye_legal"
_REMERCIEMENT = "compte_a_jour"
_VIVANTES = (EtatProposition.A_FAIRE, EtatProposition.REPORTEE)
_DECIDEES = (EtatProposition.FAITE, EtatProposition.REFUSEE)


@dataclass(frozen=True, slots=True)
class Suivi:
    """The follow-up of the households of a lot, each part by household."""

    dossiers: Mapping[int, Dossier]
    pauses: Mapping[int, Pause]
    echanges: Mapping[int, Fait]
    vivantes: Mapping[int, tuple[Proposition, ...]]
    decidees: Mapping[int, tuple[Proposition, ...]]

    def complete(self, menage_id: int, faits: FaitsMenage, au: date) -> FaitsMenage:
        """The facts of a household with its follow-up."""
        pause, fait = self.pauses.get(menage_id), self.echanges.get(menage_id)
        signales = _reported(self.decidees.get(menage_id, ()))
        comptes = tuple(
            replace(compte, signale_pour=signales[compte.reference]) if compte.reference in signales else compte
            for compte in faits.comptes
        )
        return replace(
            faits,
            comptes=comptes,
            dossier=seen_dossier(self.dossiers.get(menage_id)),
            pause=PauseVue(pause.du, pause.au, pause.get_motif_display()) if pause is not None else None,
            dernier_echange=_exchange(fait),
            remercie_le=_thanked(self.decidees.get(menage_id, ()), self.dossiers.get(menage_id)),
            tues=frozenset(_silenced(self.decidees.get(menage_id, ()), au)),
            reportes=frozenset(
                proposition.genre
                for proposition in self.vivantes.get(menage_id, ())
                if proposition.etat == EtatProposition.REPORTEE
                and proposition.reportee_au is not None
                and proposition.reportee_au > au
            ),
        )


def read_suivi(menage_ids: Collection[int], au: date) -> Suivi:
    """In the transaction that will write: the rows are locked until it ends."""
    ouverts = Dossier.objects.select_for_update().filter(menage_id__in=menage_ids, etat=EtatDossier.OUVERT)
    dossiers = {dossier.menage_id: dossier for dossier in ouverts}
    menages = {dossier.pk: dossier.menage_id for dossier in dossiers.values()}
    pauses = Pause.objects.filter(dossier_id__in=menages, levee_le=None, du__lte=au, au__gte=au).order_by("au", "pk")
    contacts = Fait.objects.filter(menage_id__in=menage_ids, genre__in=GENRES_CONTACT, date__lte=au)
    propositions = (
        Proposition.objects.select_for_update(of=("self",))
        .filter(dossier__menage_id__in=menage_ids, etat__in=(*_VIVANTES, *_DECIDEES))
        .select_related("dossier")
        .order_by("pk")
    )
    vivantes: dict[int, list[Proposition]] = defaultdict(list)
    decidees: dict[int, list[Proposition]] = defaultdict(list)
    for proposition in propositions:
        garde = vivantes if proposition.etat in _VIVANTES else decidees
        garde[proposition.dossier.menage_id].append(proposition)
    return Suivi(
        dossiers=dossiers,
        pauses={menages[pause.dossier_id]: pause for pause in pauses},
        echanges={fait.menage_id: fait for fait in contacts.order_by("date", "pk")},
        vivantes={menage: tuple(liste) for menage, liste in vivantes.items()},
        decidees={menage: tuple(liste) for menage, liste in decidees.items()},
    )


def seen_dossier(dossier: Dossier | None) -> DossierOuvert | None:
    if dossier is None:
        return None
    return DossierOuvert(
        ouvert_le=dossier.ouvert_le,
        niveau=dossier.niveau,
        cause=dossier.cause,
        cause_le=dossier.cause_le,
        regle_ouverture=dossier.regle_ouverture,
    )


def _exchange(fait: Fait | None) -> Echange | None:
    if fait is None:
        return None
    return Echange(fait.date, GenreFait(fait.genre).label, fait.get_issue_display() if fait.issue else "")


def _silenced(decidees: Iterable[Proposition], au: date) -> Iterable[str]:
    """Refused: silent while the facts are the same. Done: for the days that its rule says, or for good."""
    for proposition in decidees:
        empreinte = proposition.classement.get("empreinte", "")
        if proposition.etat == EtatProposition.REFUSEE:
            yield empreinte
            continue
        silence = proposition.classement.get("silence_jours")
        faite = proposition.traitee_le
        if silence is None or faite is None or faite + timedelta(days=silence) > au:
            yield empreinte


def _thanked(decidees: Iterable[Proposition], dossier: Dossier | None) -> date | None:
    """When the household of an open dossier was told that all is settled."""
    jours = [
        proposition.traitee_le
        for proposition in decidees
        if dossier is not None
        and proposition.dossier_id == dossier.pk
        and proposition.genre == _REMERCIEMENT
        and proposition.etat == EtatProposition.FAITE
        and proposition.traitee_le is not None
    ]
    return max(jours, default=None)


def _reported(decidees: Iterable[Proposition]) -> dict[str, date]:
    """The legal arrears already reported, by account: the date on which they were constituted."""
    signales: dict[str, date] = {}
    for proposition in decidees:
        if proposition.genre == _SIGNALEMENT and proposition.motifs:
            valeurs = proposition.motifs[0].get("valeurs", {})
            if "compte" in valeurs and "jour" in valeurs:
                signales[valeurs["compte"]["valeur"]] = date.fromisoformat(valeurs["jour"]["valeur"])
    return signales
