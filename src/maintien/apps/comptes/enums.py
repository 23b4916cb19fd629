from django.db import models


class TermeLoyer(models.TextChoices):
    ECHU = "echu", "à terme échu"
    A_ECHOIR = "a_echoir", "à échoir"


class ModeApl(models.TextChoices):
    BAILLEUR = "bailleur", "versée au bailleur"
    LOCATAIRE = "locataire", "versée au locataire"
    SANS = "sans", "sans aide"


class MotifSortie(models.TextChoices):
    CONGE = "conge", "congé"
    MUTATION = "mutation", "mutation"
    DECES = "deces", "décès"
    ABANDON = "abandon", "abandon"
    EXPULSION = "expulsion", "expulsion"


class RoleOccupation(models.TextChoices):
    TITULAIRE = "titulaire", "titulaire"
    COTITULAIRE = "cotitulaire", "cotitulaire"
    CAUTION = "caution", "caution"


class StatutCompte(models.TextChoices):
    PRESENT = "present", "présent"
    PARTI = "parti", "parti"
    FUTUR = "futur", "à venir"


class GenreFichier(models.TextChoices):
    BAUX = "baux", "baux"
    LOCATAIRES = "locataires", "locataires"
    ECRITURES = "ecritures", "écritures"
    PLANS = "plans", "plans d'apurement"


class EtatImportation(models.TextChoices):
    EN_ATTENTE = "en_attente", "en attente"
    EN_COURS = "en_cours", "en cours"
    TERMINEE = "terminee", "terminée"
    ECHOUEE = "echouee", "échouée"


class EtatFichier(models.TextChoices):
    EN_ATTENTE = "en_attente", "en attente"
    EN_COURS = "en_cours", "en cours"
    IMPORTE = "importe", "importé"
    DEJA_IMPORTE = "deja_importe", "déjà importé"
    REFUSE = "refuse", "refusé"


class CodeEcriture(models.TextChoices):
    LOYER = "LOY", "loyer"
    ANNEXE = "ANX", "annexe"
    CHARGES = "CHG", "provisions pour charges"
    REGULARISATION = "REG", "régularisation de charges"
    SURLOYER = "SLS", "supplément de loyer de solidarité"
    REDUCTION = "RLS", "réduction de loyer de solidarité"
    ENERGIE = "CLE", "contribution aux économies d'énergie"
    ASSURANCE = "ASS", "assurance"
    INDEMNITE = "IND", "indemnité d'occupation"
    APL = "APL", "APL"
    RAPPEL_APL = "RAP", "rappel ou reprise d'APL"
    PAIEMENT = "PAI", "paiement du locataire"
    AIDE = "AID", "aide"
    GARANT = "GAR", "garant"
    REJET = "REJ", "rejet"
    REMBOURSEMENT = "REM", "remboursement"
    DEPOT = "DG", "dépôt de garantie"
    REPARATIONS = "REP", "réparations locatives"
    FRAIS = "FRA", "frais"
    INTERETS = "INT", "intérêts"
    EFFACEMENT = "EFF", "effacement ou abandon"
    DIVERSE = "OD", "opération diverse"
