"""What people did and decided about the households of a lot, read under lock, just before the rules are run."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from maintien.apps.dossiers.coordonnees import telephone_marks
from maintien.apps.dossiers.enums import Canal, EtatDossier, EtatProposition, GenreFait, IssueContact
from maintien.apps.dossiers.faits import GENRES_CONTACT
from maintien.apps.dossiers.models import Dossier, Fait, Pause, Proposition
from maintien.coeur.orientation.faits import DossierOuvert, Echange, FaitsMenage
from maintien.coeur.orientation.faits import Pause as PauseVue

_SIGNALEMENT = "impaye_legal"
_REMERCIEMENT = "compte_a_jour"
_VIVANTES = (EtatProposition.A_FAIRE, EtatProposition.REPORTEE)
_DECIDEES = (EtatProposition.FAITE, EtatProposition.REFUSEE)
# A wrong number closes the telephone, a wrong address the door and the letter box.
_CANAUX_DU_CONTACT: Mapping[str, frozenset[str]] = {
    GenreFait.APPEL: frozenset({Canal.APPEL, Canal.SMS}),
    GenreFait.VISITE: frozenset({Canal.VISITE, Canal.COURRIER}),
}


@dataclass(frozen=True, slots=True)
class Suivi:
    """The follow-up of the households of a lot, each part by household."""

    dossiers: Mapping[int, Dossier]
    pauses: Mapping[int, Pause]
    echanges: Mapping[int, Fait]
    canaux_ecartes: Mapping[int, frozenset[str]]
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
            canaux_ecartes=self.canaux_ecartes.get(menage_id, frozenset()),
            remercie_le=_thanked(self.decidees.get(menage_id, ()), self.dossiers.get(menage_id)),
            tues=frozenset(_silenced(self.decidees.get(menage_id, ()), au)),
            reportes=frozenset(
                (proposition.genre, proposition.reference_compte)
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
    faits = Fait.objects.filter(menage_id__in=menage_ids, genre__in=GENRES_CONTACT, date__lte=au)
    contacts = list(faits.order_by("date", "pk"))
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
        echanges={fait.menage_id: fait for fait in contacts},
        canaux_ecartes=_dead_ends(contacts),
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


def _dead_ends(contacts: Iterable[Fait]) -> dict[int, frozenset[str]]:
    """The channels whose number or address proved wrong at the last attempt of its kind, by household.

    A number that the landlord corrected since is tried again.
    """
    derniers = {(fait.menage_id, fait.genre): fait for fait in contacts}
    mauvais = [fait for fait in derniers.values() if fait.issue == IssueContact.MAUVAIS_NUMERO]
    actuels = telephone_marks([fait.menage_id for fait in mauvais]) if mauvais else {}
    ecartes: dict[int, frozenset[str]] = defaultdict(frozenset)
    for fait in mauvais:
        essayes = fait.donnees.get("telephones")
        if essayes is None or essayes == actuels.get(fait.menage_id):
            ecartes[fait.menage_id] |= _CANAUX_DU_CONTACT[fait.genre]
    return ecartes


def _silenced(decidees: Iterable[Proposition], au: date) -> Iterable[str]:
    """Refused: silent while the facts are the same. Done: for the days that its rule says, or for good.

    What the law imposes is not silenced by a refusal.
    """
    for proposition in decidees:
        empreinte = proposition.classement.get("empreinte", "")
        if proposition.etat == EtatProposition.REFUSEE:
            if not proposition.imposee:
                yield empreinte
            continue
        silence = proposition.classement.get("silence_jours")
        faite = _done_on(proposition)
        if silence is None or faite is None or faite + timedelta(days=silence) > au:
            yield empreinte


def _done_on(proposition: Proposition) -> date | None:
    return proposition.realisee_le or proposition.traitee_le


def _thanked(decidees: Iterable[Proposition], dossier: Dossier | None) -> date | None:
    """When the household of an open dossier was told that all is settled."""
    jours = [
        faite
        for proposition in decidees
        if dossier is not None
        and proposition.dossier_id == dossier.pk
        and proposition.genre == _REMERCIEMENT
        and proposition.etat == EtatProposition.FAITE
        and (faite := _done_on(proposition)) is not None
    ]
    return max(jours, default=None)


def _reported(decidees: Iterable[Proposition]) -> dict[str, date]:
    """The legal arrears already reported, by account: the date on which they were constituted.

    Only a report that was made counts: no opinion on the step releases the landlord from it.
    """
    signales: dict[str, date] = {}
    for proposition in decidees:
        is_faite = proposition.etat == EtatProposition.FAITE
        if is_faite and proposition.genre == _SIGNALEMENT and proposition.motifs:
            valeurs = proposition.motifs[0].get("valeurs", {})
            if "compte" in valeurs and "jour" in valeurs:
                signales[valeurs["compte"]["valeur"]] = date.fromisoformat(valeurs["jour"]["valeur"])
    return signales
