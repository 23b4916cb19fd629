from django.db import models


class EtatExecution(models.TextChoices):
    EN_ATTENTE = "en_attente", "en attente"
    EN_COURS = "en_cours", "en cours"
    TERMINEE = "terminee", "terminée"
    ECHOUEE = "echouee", "échouée"


class Flux(models.TextChoices):
    """The chains of one journal: nobody waits, at their desk, for the pass of the night."""

    ACTES = "actes", "actes des personnes"
    TRAVAUX = "travaux", "travaux de la machine"
    PLATEFORME = "plateforme", "plateforme"


class Finalite(models.TextChoices):
    """Why somebody reads or takes away what concerns households: a closed list, shown with these words."""

    SUIVI = "suivi", "Suivre le ménage"
    REMPLACEMENT = "remplacement", "Remplacer un collègue absent"
    APPEL_RECU = "appel_recu", "Répondre à un appel ou à une visite"
    URGENCE = "urgence", "Urgence pour une personne"
    REUNION = "reunion", "Préparer une réunion ou une commission"
    PROCEDURE = "procedure", "Préparer un acte de procédure"
    QUALITE = "qualite", "Corriger des données"
    CONTROLE = "controle", "Contrôle interne ou audit"
    DROIT_PERSONNE = "droit_personne", "Répondre à la demande d'une personne sur ses données"
    INCIDENT = "incident", "Enquêter sur un incident de sécurité"


class NomReglage(models.TextChoices):
    JOURNAL_MOIS = "journal_mois", "mois de conservation du journal"
    EXTRACTION_MENAGES = "extraction_menages", "ménages exportés par personne et par jour"


class GenreExtraction(models.TextChoices):
    JOURNEE = "journee", "liste de travail"
    REFUS_IMPORT = "refus_import", "lignes refusées d'un import"


class FormatExtraction(models.TextChoices):
    CSV = "csv", "CSV"
    XLSX = "xlsx", "Excel (XLSX)"


class EtatExtraction(models.TextChoices):
    DEMANDEE = "demandee", "attend une seconde personne"
    APPROUVEE = "approuvee", "approuvée"
    REFUSEE = "refusee", "refusée"
    PRISE = "prise", "remise"
