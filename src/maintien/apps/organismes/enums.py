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
