"""Plain functions that make rows for tests. Each takes only what the test is about; the rest is ordinary.

They work in the scope of the test: `with scope(organisme=...)`.
"""

from datetime import date
from itertools import count
from typing import Any

from maintien.apps.comptes.enums import CodeEcriture, RoleOccupation, StatutCompte
from maintien.apps.comptes.models import (
    Bail,
    Compte,
    Ecriture,
    Livraison,
    Logement,
    Occupation,
    Personne,
    SituationCompte,
)
from maintien.apps.dossiers.enums import Canal, GenreDroit
from maintien.apps.dossiers.models import DemandeDroit, Dossier, Menage, MenageCompte, Proposition
from maintien.apps.organismes.enums import GenreOrganisme, PorteeApi, Role
from maintien.apps.organismes.extractions import new_code
from maintien.apps.organismes.habilitations import table
from maintien.apps.organismes.jetons import JetonCree, create_jeton
from maintien.apps.organismes.models import Appartenance, Organisme, Secteur, Utilisateur
from maintien.apps.socle.enums import EtatExtraction, Finalite, FormatExtraction, GenreExtraction
from maintien.apps.socle.models import Extraction

NUIT = date(2026, 11, 20)
MOT_DE_PASSE = "cheval-agrafe-pile-correcte"
_numeros = count(1)


def organisme(code: str = "", **champs: Any) -> Organisme:
    code = code or f"B{next(_numeros)}"
    return Organisme.objects.create(code=code, **{"nom": f"Bailleur {code}", "derniere_nuit": NUIT, **champs})


def secteur(code: str = "", **champs: Any) -> Secteur:
    code = code or f"S{next(_numeros)}"
    return Secteur.objects.create(code=code, **{"nom": f"Secteur {code}", **champs})


def utilisateur(email: str = "", **champs: Any) -> Utilisateur:
    return Utilisateur.objects.create_user(email or f"agent{next(_numeros)}@bailleur.example", MOT_DE_PASSE, **champs)


def membre(role: Role = Role.RECOUVREMENT, secteur: Secteur | None = None, **champs: Any) -> Appartenance:
    personne = champs.pop("utilisateur", None) or utilisateur(champs.pop("email", ""))
    return Appartenance.objects.create(utilisateur=personne, role=role, secteur=secteur, **champs)


def roles_de(genre: GenreOrganisme) -> list[Role]:
    """The roles that exist in organismes of this kind."""
    return [role for role in Role if genre in table().organismes[role]]


def jeton(*portees: str, **champs: Any) -> JetonCree:
    return create_jeton(champs.pop("nom", "Progiciel"), portees or PorteeApi.values, **champs)


def compte(reference: str = "", secteur: Secteur | None = None) -> Compte:
    return Compte.objects.create(reference=reference or f"C{next(_numeros):08d}", secteur=secteur)


def logement(**champs: Any) -> Logement:
    ordinaire = {"residence": "Les Peupliers", "commune": "Toulouse", "code_postal": "31100", "type_logement": "T3"}
    return Logement.objects.create(reference=f"L{next(_numeros):06d}", **{**ordinaire, **champs})


def bail(compte: Compte, **champs: Any) -> Bail:
    ordinaire = {"reference": f"L{next(_numeros):08d}", "date_entree": date(2018, 7, 1)}
    return Bail.objects.create(compte=compte, **{**ordinaire, **champs})


def personne(nom: str = "Martinez", prenom: str = "Émilie", **champs: Any) -> Personne:
    ordinaire = {"reference": f"T{next(_numeros):09d}", "civilite": "Mme"}
    return Personne.objects.create(nom=nom, prenom=prenom, **{**ordinaire, **champs})


def occupation(
    compte: Compte, personne: Personne, role: RoleOccupation = RoleOccupation.TITULAIRE, **champs: Any
) -> Occupation:
    return Occupation.objects.create(compte=compte, personne=personne, role=role, **champs)


def livraison(numero: int | None = None) -> Livraison:
    return Livraison.objects.create(numero=numero or next(_numeros))


def ecriture(
    compte: Compte, code: CodeEcriture, jour: date, *, debit: int = 0, credit: int = 0, **champs: Any
) -> Ecriture:
    ordinaire = {"reference": f"E{next(_numeros):010d}", "date_comptable": jour}
    return Ecriture.objects.create(
        compte=compte,
        livraison=champs.pop("livraison", None) or livraison(),
        code=code,
        debit_centimes=debit,
        credit_centimes=credit,
        **{**ordinaire, **champs},
    )


def loyer(compte: Compte, mois: str, echeance: date, debit: int = 450_00, **champs: Any) -> Ecriture:
    """A term called on the 20th of its month, due on `echeance`."""
    annee, numero = mois.split("-")
    appel = date(int(annee), int(numero), 20)
    return ecriture(compte, CodeEcriture.LOYER, appel, debit=debit, date_exigibilite=echeance, periode=mois, **champs)


def paiement(compte: Compte, jour: date, credit: int = 450_00, **champs: Any) -> Ecriture:
    return ecriture(compte, CodeEcriture.PAIEMENT, jour, credit=credit, **{"mode": "virement", **champs})


def situation(compte: Compte, **champs: Any) -> SituationCompte:
    return SituationCompte.objects.create(compte=compte, **{"au": NUIT, "statut": StatutCompte.PRESENT, **champs})


def menage(*comptes: Compte, **champs: Any) -> Menage:
    cree = Menage.objects.create(**{"libelle": "Mme Émilie Martinez", "lieu": "Les Peupliers, Toulouse", **champs})
    for un_compte in comptes:
        MenageCompte.objects.create(menage=cree, compte=un_compte)
    return cree


def dossier(menage_: Menage | None = None, **champs: Any) -> Dossier:
    ordinaire = {"ouvert_le": date(2026, 10, 6), "derniere_activite_le": date(2026, 10, 6)}
    return Dossier.objects.create(menage=menage_ or menage(), **{**ordinaire, **champs})


def proposition(dossier: Dossier, **champs: Any) -> Proposition:
    ordinaire = {
        "genre": "premier_retard",
        "quoi": "Appeler pour comprendre et proposer une solution.",
        "canal": Canal.APPEL,
        "minutes": 10,
        "rang": next(_numeros),
        "motifs": [{"texte": "450,00 € dus depuis le 31 octobre 2026."}],
        "regle": "premier_retard",
        "version_regle": "2026-11",
        "au": NUIT,
    }
    return Proposition.objects.create(dossier=dossier, **{**ordinaire, **champs})


def extraction(demandeur: Utilisateur, **champs: Any) -> Extraction:
    ordinaire = {
        "genre": GenreExtraction.JOURNEE,
        "format": FormatExtraction.CSV,
        "finalite": Finalite.REUNION,
        "nombre": 250,
        "code": new_code(),
        "etat": EtatExtraction.DEMANDEE,
    }
    return Extraction.objects.create(demandeur=demandeur, **{**ordinaire, **champs})


def demande_droit(menage_: Menage, **champs: Any) -> DemandeDroit:
    """An access request of the first tenant of the household, received on the night."""
    titulaire = Personne.objects.filter(occupations__compte__rattachement__menage=menage_).order_by("pk").first()
    ordinaire = {"personne": titulaire, "genre": GenreDroit.ACCES, "recue_le": NUIT}
    return DemandeDroit.objects.create(
        menage=menage_, ouverte_par=champs.pop("ouverte_par", None) or utilisateur(), **{**ordinaire, **champs}
    )
