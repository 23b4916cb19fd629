from django.db import models


class Protection(models.TextChoices):
    AUCUNE = "aucune", "aucune"
    CURATELLE = "curatelle", "curatelle"
    TUTELLE = "tutelle", "tutelle"
    HABILITATION = "habilitation", "habilitation familiale"


class SourceDeces(models.TextChoices):
    PROCHE = "proche", "un proche"
    ACTE = "acte", "un acte de décès"
    BANQUE = "banque", "la banque"
    NOTAIRE = "notaire", "un notaire"
    PARTENAIRE = "partenaire", "un partenaire"


class MotifRestriction(models.TextChoices):
    """Why nobody is contacted without asking first. A word and no story: everyone on the dossier reads it."""

    DEMANDE = "demande", "à la demande de la personne"
    ORDONNANCE = "ordonnance", "ordonnance de protection"
    VIOLENCES = "violences", "danger dans le foyer"
    MENACES = "menaces", "menaces d'un tiers"
    PARTENAIRE = "partenaire", "à la demande d'un partenaire social"


class AuteurPresume(models.TextChoices):
    """Whom to keep out of it. An occupant is pointed at, never named in words."""

    OCCUPANT = "occupant", "une personne du bail"
    ANCIEN_CONJOINT = "ancien_conjoint", "un conjoint ou ancien conjoint, hors du bail"
    TIERS = "tiers", "une autre personne"


class VoieContact(models.TextChoices):
    AUCUNE = "aucune", "ne pas contacter"
    TELEPHONE = "telephone", "par ce numéro"
    COURRIEL = "courriel", "à cette adresse électronique"
    TIERS = "tiers", "par une autre personne ou une association"
    FICHIER = "fichier", "par les coordonnées du progiciel, vérifiées avec la personne"


class MotifLevee(models.TextChoices):
    DEMANDE = "demande", "à la demande de la personne"
    FIN_ORDONNANCE = "fin_ordonnance", "l'ordonnance a pris fin"
    RISQUE_PASSE = "risque_passe", "il n'y a plus de risque connu"
    ERREUR = "erreur", "protection posée par erreur"


class EtatLevee(models.TextChoices):
    DEMANDEE = "demandee", "demandée"
    CONFIRMEE = "confirmee", "confirmée"
    REFUSEE = "refusee", "refusée"
    EXPIREE = "expiree", "expirée"


class EtatDossier(models.TextChoices):
    OUVERT = "ouvert", "ouvert"
    CLOS = "clos", "clos"


class EtatRapprochement(models.TextChoices):
    A_DECIDER = "a_decider", "à décider"
    REUNIS = "reunis", "un seul ménage"
    DISTINCTS = "distincts", "deux ménages"


class NiveauDossier(models.TextChoices):
    ORDINAIRE = "ordinaire", "ordinaire"
    SUIVI = "suivi", "suivi"
    PROTEGE = "protege", "protégé"


class CauseImpaye(models.TextChoices):
    TECHNIQUE = "technique", "technique"
    PONCTUELLE = "ponctuelle", "ponctuelle"
    DURABLE = "durable", "durable"
    LITIGE = "litige", "litige"
    INCONNUE = "inconnue", "inconnue"


class SourceCause(models.TextChoices):
    LOCATAIRE = "locataire", "le locataire"
    AGENT = "agent", "un agent"
    PARTENAIRE = "partenaire", "un partenaire"
    CALCUL = "calcul", "les comptes"


class MotifPause(models.TextChoices):
    PROMESSE = "promesse", "paiement promis"
    AIDE = "aide", "aide demandée"
    DROITS = "droits", "droits en cours d'étude"
    LITIGE = "litige", "réclamation en cours"
    DEUIL = "deuil", "deuil ou indisponibilité"
    ABSENCE = "absence", "absence annoncée"
    AUTRE = "autre", "autre motif"


class GenreFait(models.TextChoices):
    APPEL = "appel", "appel"
    VISITE = "visite", "visite"
    CAUSE = "cause", "cause de l'impayé"
    PAUSE = "pause", "pause"
    NOTE = "note", "note"
    PROPOSITION = "proposition", "étape proposée"
    REATTRIBUTION = "reattribution", "réattribution"
    OUVERTURE = "ouverture", "ouverture du dossier"
    CHANGEMENT = "changement", "changement du dossier"
    CLOTURE = "cloture", "clôture du dossier"
    PROTECTION = "protection", "protection"
    RAPPROCHEMENT = "rapprochement", "rapprochement de deux ménages"


class IssueContact(models.TextChoices):
    JOINT = "joint", "échange avec le ménage"
    RAPPEL_PROMIS = "rappel_promis", "rappel promis"
    MESSAGE_LAISSE = "message_laisse", "message laissé"
    AVIS_DE_PASSAGE = "avis_de_passage", "avis de passage laissé"
    SANS_REPONSE = "sans_reponse", "sans réponse"
    MAUVAIS_NUMERO = "mauvais_numero", "numéro ou adresse à vérifier"


class MurNote(models.TextChoices):
    COMMUN = "commun", "lisible par le duo"
    SOCIAL = "social", "travail social seulement"


class Canal(models.TextChoices):
    APPEL = "appel", "appel"
    VISITE = "visite", "visite"
    COURRIER = "courrier", "courrier"
    COURRIEL = "courriel", "courriel"
    SMS = "sms", "SMS"
    INTERNE = "interne", "à faire au bureau"


class EtatProposition(models.TextChoices):
    A_FAIRE = "a_faire", "à faire"
    FAITE = "faite", "faite"
    REPORTEE = "reportee", "reportée"
    REFUSEE = "refusee", "pas d'accord"
    PERIMEE = "perimee", "périmée"


class RaisonDesaccord(models.TextChoices):
    """Why a person disagrees with a step that the law imposes, and which stands."""

    DEJA_PAYE = "deja_paye", "le ménage a déjà payé"
    CHIFFRES = "chiffres", "les chiffres ou les dates sont faux"
    AUTRE = "autre", "autre raison"


class RaisonGarder(models.TextChoices):
    """Why a text is kept although some of its words were to be read again. Closed, so that it says nothing more."""

    AUTRE_SENS = "autre_sens", "le mot a un autre sens ici"
    NOM = "nom", "c'est un nom de personne, de lieu ou d'organisme"
    DROIT = "droit", "c'est le nom d'un droit ou d'une démarche"
    DEMANDE = "demande", "la personne demande que ce soit noté"
    DANGER = "danger", "nécessaire à la sécurité de quelqu'un"


class GenreDroit(models.TextChoices):
    ACCES = "acces", "accès"
    PORTABILITE = "portabilite", "portabilité"
    RECTIFICATION = "rectification", "rectification"
    OPPOSITION = "opposition", "opposition"
    LIMITATION = "limitation", "limitation"


class EtatDroit(models.TextChoices):
    A_TRAITER = "a_traiter", "à traiter"
    ACCORDEE = "accordee", "accordée"
    PARTIELLE = "partielle", "accordée en partie"
    REFUSEE = "refusee", "refusée"


class MotifProlongation(models.TextChoices):
    """Why the answer takes up to two months more: the two reasons of the text, and no other (GDPR, art. 12.3)."""

    COMPLEXITE = "complexite", "demande complexe"
    NOMBRE = "nombre", "nombre de demandes"
