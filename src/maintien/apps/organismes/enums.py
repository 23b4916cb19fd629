from django.db import models


class GenreOrganisme(models.TextChoices):
    BAILLEUR = "bailleur", "bailleur"


class Role(models.TextChoices):
    RECOUVREMENT = "recouvrement", "chargé de recouvrement"
    CONTENTIEUX = "contentieux", "chargé de contentieux"
    CESF = "cesf", "conseiller en économie sociale et familiale"
    RESPONSABLE = "responsable", "responsable"
    ADMINISTRATEUR = "administrateur", "administrateur"


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
