"""L'impayé au sens de l'APL, selon ses définitions datées (conventions, C10 ; CCH, art. R. 824-1 et suivants)."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from maintien.coeur.calendrier import Periode, ajouter_mois, fin_de_mois
from maintien.coeur.compte.ecritures import CODES_AIDE_AU_LOGEMENT, BailCompte, Ecriture
from maintien.coeur.compte.imputation import EtatDuSoir, Imputation
from maintien.coeur.compte.postes import LigneTerme
from maintien.coeur.montants import Centimes
from maintien.coeur.parametres import en_vigueur, lire_yaml

_CODES_MOIS_DE_REFERENCE = frozenset({"LOY", "IND", "CHG", "RLS"})
_MOIS_D_AIDE = 6


class LectureDefinition(StrEnum):
    """La façon dont une définition se lit."""

    SEUIL_EN_TERMES = "seuil_en_termes"
    MONTANT_OU_DUREE = "montant_ou_duree"


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """Une définition de l'impayé, en vigueur du jour `du` au jour `au` compris."""

    identifiant: str
    regle: LectureDefinition
    codes_depense: frozenset[str]
    reference: str
    resume: str
    du: date | None = None
    au: date | None = None
    nombre_de_termes: int = 0
    montant_centimes: Centimes = 0
    duree_mois: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DelaiSignalement:
    """Le délai du bailleur pour signaler l'impayé à l'organisme payeur (CCH, art. R. 824-4)."""

    delai_mois: int
    reference: str
    du: date | None = None
    au: date | None = None


@dataclass(frozen=True, slots=True)
class ImpayeApl:
    """Ce que C10 dit d'un compte présent : dates de constitution par définition, et seuil publié.

    `ancien` et `nouveau` (2027) servent à comparer ; `legal` suit la définition en vigueur chaque jour.
    """

    concerne: bool
    seuil_ancien_centimes: Centimes | None
    ancien: date | None
    nouveau: date | None
    legal: date | None


SANS_OBJET = ImpayeApl(concerne=False, seuil_ancien_centimes=None, ancien=None, nouveau=None, legal=None)
"""Le résultat d'un compte qui n'est pas présent."""


@cache
def definitions() -> tuple[Definition, ...]:
    """Rend les définitions datées de `droit/impaye_apl.yaml`, de la plus ancienne à la plus récente."""
    return tuple(
        Definition(
            **valeurs
            | {"regle": LectureDefinition(valeurs["regle"]), "codes_depense": frozenset(valeurs["codes_depense"])}
        )
        for valeurs in lire_yaml("maintien.coeur.droit", "impaye_apl.yaml")["definitions"]
    )


def definition_en_vigueur(jour: date) -> Definition:
    """Rend la définition en vigueur un jour donné ; elles se suivent sans trou."""
    trouvee = en_vigueur(definitions(), jour)
    if trouvee is None:
        raise LookupError(f"aucune définition de l'impayé n'est en vigueur le {jour.isoformat()}")
    return trouvee


def echeance_signalement(constitue_le: date) -> date:
    """Rend la date limite de signalement d'un impayé constitué ce jour-là (CCH, art. R. 824-4)."""
    delais = [DelaiSignalement(**v) for v in lire_yaml("maintien.coeur.droit", "impaye_apl.yaml")["signalement"]]
    delai = en_vigueur(delais, constitue_le) or delais[0]
    return ajouter_mois(constitue_le, delai.delai_mois)


def impaye_apl(compte: Imputation, baux: Iterable[BailCompte]) -> ImpayeApl:
    """Cherche, soir après soir, le premier jour où chaque définition est constituée (C10).

    Une fois constitué, l'impayé garde sa date tant que la dette locative n'est pas revenue à zéro un soir,
    même si le seuil bouge ou si l'aide s'arrête. L'appelant vérifie que le compte est présent.
    """
    logement = _Logement(compte, verse_au_locataire=any(bail.apl_mode == "locataire" for bail in baux))
    ancien, nouveau, legal = _Constat(), _Constat(), _Constat()
    for soir in _soirs(compte, logement):
        if soir.dette_locative_centimes == 0:
            for constat in (ancien, nouveau, legal):
                constat.effacer()
            continue
        par_regle = {
            regle: _est_constitue(logement, soir, _definition(regle, soir.jour)) for regle in LectureDefinition
        }
        ancien.observer(soir.jour, constitue=par_regle[LectureDefinition.SEUIL_EN_TERMES])
        nouveau.observer(soir.jour, constitue=par_regle[LectureDefinition.MONTANT_OU_DUREE])
        legal.observer(soir.jour, constitue=par_regle[definition_en_vigueur(soir.jour).regle])
    return ImpayeApl(
        concerne=logement.is_concerne(compte.au),
        seuil_ancien_centimes=_seuil(logement, compte.au, _definition(LectureDefinition.SEUIL_EN_TERMES, compte.au)),
        ancien=ancien.depuis,
        nouveau=nouveau.depuis,
        legal=legal.depuis,
    )


class _Constat:
    """Le jour depuis lequel une définition est constituée, s'il y en a un."""

    def __init__(self) -> None:
        self.depuis: date | None = None

    def observer(self, jour: date, *, constitue: bool) -> None:
        if constitue and self.depuis is None:
            self.depuis = jour

    def effacer(self) -> None:
        self.depuis = None


class _Logement:
    """La dépense de logement et l'aide de chaque mois, lues à n'importe quel jour."""

    def __init__(self, compte: Imputation, *, verse_au_locataire: bool) -> None:
        self.verse_au_locataire = verse_au_locataire
        self._depenses: dict[Periode, dict[str, Centimes]] = defaultdict(lambda: defaultdict(int))
        self._aides: dict[Periode, list[tuple[date, Centimes]]] = defaultdict(list)
        self._premier_versement: dict[Periode, date] = {}
        self._noter_depenses(compte.lignes)
        self._noter_aides(compte.ecritures, compte.au)

    def _noter_depenses(self, lignes: Iterable[LigneTerme]) -> None:
        """Note les lignes de chaque mois, et le jour où le mois est fini et toutes ses lignes échues."""
        complet: dict[Periode, date] = {}
        for ligne in lignes:
            if ligne.code in _CODES_MOIS_DE_REFERENCE:
                self._depenses[ligne.mois][ligne.code] += ligne.montant_centimes
                complet[ligne.mois] = max(complet.get(ligne.mois, fin_de_mois(ligne.mois)), ligne.date_exigibilite)
        # Un mois complet avant un autre plus récent ne servira plus : on garde les jours où le dernier change.
        self.jours_complets: list[date] = []
        self._mois_complets: list[Periode] = []
        for jour, mois in sorted((jour, mois) for mois, jour in complet.items()):
            if not self._mois_complets or mois > self._mois_complets[-1]:
                self.jours_complets.append(jour)
                self._mois_complets.append(mois)

    def _noter_aides(self, ecritures: Iterable[Ecriture], au: date) -> None:
        for e in ecritures:
            if e.code in CODES_AIDE_AU_LOGEMENT and e.periode is not None:
                effet = e.effet(au)
                self._aides[e.periode].append((effet, -e.montant_centimes))
                if e.montant_centimes < 0:
                    self._premier_versement[e.periode] = min(effet, self._premier_versement.get(e.periode, effet))

    @property
    def jours_d_aide(self) -> set[date]:
        return {effet for aides in self._aides.values() for effet, _ in aides}

    def mois_de_reference(self, jour: date) -> Periode | None:
        """Rend le dernier mois appelé qui soit fini et dont toutes les lignes soient échues."""
        rang = bisect_right(self.jours_complets, jour)
        return self._mois_complets[rang - 1] if rang else None

    def is_concerne(self, jour: date) -> bool:
        """Dit si le logement ouvre droit à l'aide : aide au locataire, ou versée pour un des six derniers mois."""
        mois = self.mois_de_reference(jour)
        if mois is None:
            return False
        derniers = range(mois - _MOIS_D_AIDE + 1, mois + 1)
        return self.verse_au_locataire or any(self._premier_versement.get(m, date.max) <= jour for m in derniers)

    def depense_nette(self, jour: date, codes: frozenset[str]) -> Centimes:
        """Rend la dépense du mois de référence, aide déduite quand le bailleur la reçoit."""
        mois = self.mois_de_reference(jour)
        if mois is None:
            return 0
        brute = sum(montant for code, montant in self._depenses[mois].items() if code in codes)
        if self.verse_au_locataire:
            return brute
        return brute - sum(montant for effet, montant in self._aides.get(mois, ()) if effet <= jour)


def _soirs(compte: Imputation, logement: _Logement) -> Iterable[EtatDuSoir]:
    """Rend l'état de chaque soir où une définition peut changer de réponse, du premier au jour `au` (C10)."""
    historique = compte.historique
    if not historique:
        return
    jours = {etat.jour for etat in historique}
    jours.update(logement.jours_complets, logement.jours_d_aide, {compte.au})
    for definition in definitions():
        if definition.du is not None:
            jours.add(definition.du)
        if definition.duree_mois:
            jours.update(
                ajouter_mois(poste.date_exigibilite, definition.duree_mois) for poste in compte.postes_exigibles()
            )
    rang = 0
    for jour in sorted(j for j in jours if historique[0].jour <= j <= compte.au):
        while rang + 1 < len(historique) and historique[rang + 1].jour <= jour:
            rang += 1
        etat = historique[rang]
        yield EtatDuSoir(jour, etat.dette_locative_centimes, etat.plus_ancien)


@cache
def _definition(regle: LectureDefinition, jour: date) -> Definition:
    """Rend la définition à lire un jour donné pour comparer : celle en vigueur, sinon la plus proche dans le temps."""
    voisines = [d for d in definitions() if d.regle is regle]
    passees = [d for d in voisines if d.du is None or d.du <= jour]
    return passees[-1] if passees else voisines[0]


def _seuil(logement: _Logement, jour: date, definition: Definition) -> Centimes | None:
    """Rend le seuil en euros d'une définition en termes ; rien quand l'aide couvre toute la dépense."""
    if not logement.is_concerne(jour):
        return None
    depense = logement.depense_nette(jour, definition.codes_depense)
    return definition.nombre_de_termes * depense if depense > 0 else None


def _est_constitue(logement: _Logement, soir: EtatDuSoir, definition: Definition) -> bool:
    if soir.plus_ancien is None or not logement.is_concerne(soir.jour):
        return False
    if definition.regle is LectureDefinition.SEUIL_EN_TERMES:
        seuil = _seuil(logement, soir.jour, definition)
        return seuil is not None and soir.dette_locative_centimes >= seuil
    if soir.dette_locative_centimes > definition.montant_centimes:
        return True
    return ajouter_mois(soir.plus_ancien, definition.duree_mois) <= soir.jour
