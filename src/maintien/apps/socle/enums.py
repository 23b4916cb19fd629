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
    """Why somebody reads or takes away what concerns households.

    Closed on purpose: a sentence that somebody types would put lives into the journal.
    """

    APPEL = "appel", "Le ménage me contacte, ou je lui réponds"
    REMPLACEMENT = "remplacement", "Je remplace un collègue absent"
    REPRISE = "reprise", "Je reprends ou prépare la reprise de ce dossier"
    REUNION = "reunion", "Je prépare une réunion ou une commission"
    ENCADREMENT = "encadrement", "J’encadre ou contrôle le suivi"
    DROITS = "droits", "Demande d’accès, réclamation ou recours de la personne"
    SUIVI = "suivi", "Je suis ce ménage"
    QUALITE = "qualite", "Je corrige des données"
    PROCEDURE = "procedure", "Je prépare un acte de procédure"
    INCIDENT = "incident", "J’enquête sur un incident de sécurité"


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
