from enum import StrEnum

from django.db import models


class GenreOrganisme(models.TextChoices):
    BAILLEUR = "bailleur", "bailleur"
    ASSOCIATION = "association", "association"
    METROPOLE = "metropole", "métropole"
    DEPARTEMENT = "departement", "département"
    CCAS = "ccas", "centre communal d'action sociale"
    FEDERATION = "federation", "fédération"
    ORGANISME_PAYEUR = "organisme_payeur", "organisme payeur"
    COMMISSION = "commission", "commission"


class Role(models.TextChoices):
    """What somebody who logs in is in one organisme."""

    RECOUVREMENT = "recouvrement", "chargé de recouvrement"
    CONTENTIEUX = "contentieux", "chargé de contentieux"
    CESF = "cesf", "conseiller en économie sociale et familiale"
    GARDIEN = "gardien", "gardien"
    COMITE = "comite", "membre du comité des aides"
    RESPONSABLE = "responsable", "responsable"
    INTERVENANT = "intervenant", "intervenant d'association"
    COORDINATEUR = "coordinateur", "coordinateur de territoire"
    ANALYSTE = "analyste", "analyste de fédération"
    DPO = "dpo", "délégué à la protection des données"
    ADMINISTRATEUR = "administrateur", "administrateur"


class Visiteur(models.TextChoices):
    """Whoever acts without logging in as a person: rows of the table of habilitations, never of a membership."""

    CLIENT_API = "client_api", "client d'API"
    LOCATAIRE = "locataire", "locataire (lien public)"


class PorteeApi(models.TextChoices):
    """What a token of the API may be asked for."""

    SITUATIONS_LIRE = "situations:lire", "lire les situations des comptes"
    DOSSIERS_LIRE = "dossiers:lire", "lire l'état des dossiers"


class MotifRevocation(models.TextChoices):
    FIN = "fin", "il ne sert plus"
    REMPLACE = "remplace", "il est remplacé par un autre"
    PERDU = "perdu", "il est perdu, ou d'autres ont pu le lire"


class CritereSecteur(models.TextChoices):
    RESIDENCE = "residence", "résidence"
    COMMUNE = "commune", "commune"
    CODE_POSTAL = "code_postal", "code postal"


class MotifSuspension(models.TextChoices):
    DEPART = "depart", "départ de l’organisme"
    ABSENCE = "absence", "absence longue"
    INCIDENT = "incident", "doute sur la sécurité du compte"
    INUTILISE = "inutilise", "compte inutilisé"
    SANS_GROUPE = "sans_groupe", "plus dans un groupe autorisé"


class MotifRetablissement(models.TextChoices):
    APPAREIL_PERDU = "appareil_perdu", "appareil perdu, volé ou changé"
    ACCES_PERDU = "acces_perdu", "mot de passe et codes de secours perdus"
    INCIDENT = "incident", "doute sur la sécurité du compte"


class MotifReouverture(models.TextChoices):
    RETOUR = "retour", "retour de la personne"
    ERREUR = "erreur", "suspension faite par erreur"
    DEMANDE = "demande", "la personne en a de nouveau besoin"


class Relation(StrEnum):
    """What ties an asker to a dossier, from the narrowest. On a protected dossier, only the first tells anything."""

    PORTEFEUILLE = "portefeuille"
    PERIMETRE = "perimetre"
    ORGANISME = "organisme"
    PARTAGE = "partage"
    TERRITOIRE = "territoire"
    ETRANGER = "etranger"


class Niveau(StrEnum):
    """The level of a dossier for the table. Closing lifts no protection: protected and closed is protected."""

    ORDINAIRE = "ordinaire"
    SUIVI = "suivi"
    CLOS = "clos"
    PROTEGE = "protege"


class Mode(StrEnum):
    """What a cell answers: never, yes, or yes for a purpose that is said first and written in the journal."""

    NON = "non"
    OUI = "oui"
    MOTIF = "motif"


class ClasseChamp(StrEnum):
    """Classes of the fields that a cell lets read, by their letter in the table."""

    IDENTITE = "I"
    COORDONNEES = "C"
    FINANCE = "F"
    SOCIAL = "S"
    JURIDIQUE = "J"
    PROTEGE = "P"
