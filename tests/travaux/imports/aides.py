"""Small landlords' files, an import done at once, and the state of a landlord as values that can be compared."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from maintien.apps.comptes.models import (
    Bail,
    Compte,
    Ecriture,
    FichierImporte,
    Importation,
    LigneRefusee,
    Livraison,
    Logement,
    Occupation,
    Personne,
)
from maintien.apps.dossiers.models import MenageCompte
from maintien.apps.organismes.models import Organisme
from maintien.apps.plans.models import PlanApurement
from maintien.apps.socle.models import Execution
from maintien.travaux.imports import deposit, run

ECRITURES = (
    "reference_ecriture,reference_compte,date_comptable,date_valeur,date_exigibilite,periode,code,libelle,"
    "debit,credit,mode,reference_annulee,affectation\n"
)
BAUX = (
    "reference_bail,reference_compte,reference_logement,residence,voie,code_postal,commune,code_insee,departement,"
    "type_logement,surface,date_signature,date_entree,date_sortie,motif_sortie,terme,jour_exigibilite,mode_paiement,"
    "rum,iban,apl_mode,numero_allocataire,depot_garantie,bail_annexe_de\n"
)
LOCATAIRES = (
    "reference_locataire,reference_bail,reference_compte,role,civilite,nom,prenom,date_naissance,telephone,courriel,"
    "contact_restreint,opposition_sms,situation_entree\n"
)
PLANS = (
    "reference_plan,reference_compte,date_signature,montant,nombre_echeances,mensualite,premiere_echeance,"
    "date_rupture,date_solde\n"
)


def ecriture(reference: str, code: str = "LOY", montant: str = "450.00", **autres: str) -> str:
    """A line of écritures; credits for the codes that are payments, unless told."""
    credit = code in {"PAI", "AID", "APL", "GAR"}
    valeurs = {
        "compte": "C1",
        "date_comptable": "2020-04-01",
        "date_valeur": "",
        "date_exigibilite": "",
        "periode": "",
        "code": code,
        "libelle": "LIBELLE",
        "debit": "" if credit else montant,
        "credit": montant if credit else "",
        "mode": "",
        "reference_annulee": "",
        "affectation": "",
    } | autres
    return ",".join([reference, *valeurs.values()]) + "\n"


def bail(reference: str = "B1", compte: str = "C1", **autres: str) -> str:
    valeurs = {
        "logement": f"L{reference[1:]}",
        "residence": "Les Peupliers",
        "voie": "32 avenue de la République",
        "code_postal": "31100",
        "commune": "Toulouse",
        "code_insee": "31555",
        "departement": "31",
        "type_logement": "T3",
        "surface": "68",
        "date_signature": "2011-02-21",
        "date_entree": "2011-02-21",
        "date_sortie": "",
        "motif_sortie": "",
        "terme": "echu",
        "jour_exigibilite": "5",
        "mode_paiement": "carte",
        "rum": "",
        "iban": "",
        "apl_mode": "bailleur",
        "numero_allocataire": "1007919",
        "depot_garantie": "477.11",
        "bail_annexe_de": "",
    } | autres
    return ",".join([reference, compte, *valeurs.values()]) + "\n"


def locataire(reference: str = "T1", compte: str = "C1", **autres: str) -> str:
    valeurs = {
        "bail": "B1",
        "compte": compte,
        "role": "titulaire",
        "civilite": "Mme",
        "nom": "Martinez",
        "prenom": "Émilie",
        "date_naissance": "1966-07-05",
        "telephone": "0639980001",
        "courriel": "emilie@courriel.example",
        "contact_restreint": "0",
        "opposition_sms": "0",
        "situation_entree": "CDI",
    } | autres
    return ",".join([reference, *valeurs.values()]) + "\n"


def ecrire(dossier: Path, nom: str, contenu: str) -> Path:
    dossier.mkdir(parents=True, exist_ok=True)
    chemin = dossier / nom
    chemin.write_text(contenu, encoding="utf-8")
    return chemin


def importer(organisme: Organisme, fichiers: Iterable[Path], profil: str = "pivot") -> Importation:
    """Deposit and run; the import as it ends."""
    importation = deposit(organisme, profil, list(fichiers), sonner=False)
    assert importation.execution is not None
    assert run(importation.execution.pk) is not None
    return Importation.objects.select_related("execution").get(pk=importation.pk)


def fichier_de(importation: Importation) -> FichierImporte:
    """The only file of an import."""
    return FichierImporte.objects.get(importation=importation)


def chiffres(importation: Importation) -> tuple[int, int, int]:
    """Lines taken, refused, already known."""
    fichiers = list(FichierImporte.objects.filter(importation=importation))
    return (
        sum(f.prises for f in fichiers),
        sum(f.refusees for f in fichiers),
        sum(f.deja_connues for f in fichiers),
    )


def refus_de(importation: Importation) -> list[tuple[str, int, str, str]]:
    lignes = LigneRefusee.objects.filter(fichier__importation=importation).order_by("fichier__nom", "ligne", "pk")
    return list(lignes.values_list("fichier__nom", "ligne", "colonne", "motif"))


_CHAMPS: dict[Any, tuple[str, ...]] = {
    Ecriture: (
        "reference",
        "compte__reference",
        "date_comptable",
        "date_valeur",
        "date_exigibilite",
        "periode",
        "code",
        "libelle",
        "debit_centimes",
        "credit_centimes",
        "mode",
        "reference_annulee",
        "affectation",
    ),
    Compte: ("reference",),
    Logement: ("reference", "residence", "voie", "commune", "departement", "type_logement", "surface"),
    Bail: ("reference", "compte__reference", "logement__reference", "date_signature", "date_entree", "date_sortie"),
    Personne: ("reference", "nom", "prenom", "date_naissance", "telephone", "courriel", "contact_restreint"),
    Occupation: ("personne__reference", "compte__reference", "bail_reference", "role"),
    PlanApurement: ("reference", "compte__reference", "montant_centimes", "date_rupture", "date_solde"),
    MenageCompte: ("compte__reference", "menage__libelle", "menage__contact_restreint"),
}


def etat() -> dict[str, list[tuple[Any, ...]]]:
    """Everything an import writes about the landlord in scope, identifiers and reports aside."""
    return {
        modele.__name__: sorted(modele.objects.values_list(*champs), key=repr) for modele, champs in _CHAMPS.items()
    }


def journal_des_livraisons() -> list[int]:
    """Numbers of the deliveries, in the order in which they were made."""
    return list(Livraison.objects.order_by("pk").values_list("numero", flat=True))


def execution_de(importation: Importation) -> Execution:
    assert importation.execution is not None
    return Execution.objects.get(pk=importation.execution.pk)
