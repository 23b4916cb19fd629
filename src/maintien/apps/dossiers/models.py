"""Households, their dossier, and what was noted, decided and proposed for them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from maintien.apps.dossiers.enums import (
    AuteurPresume,
    Canal,
    CauseImpaye,
    EtatDossier,
    EtatDroit,
    EtatLevee,
    EtatProposition,
    EtatRapprochement,
    GenreDroit,
    GenreFait,
    IssueContact,
    MotifLevee,
    MotifPause,
    MotifProlongation,
    MotifRestriction,
    MurNote,
    NiveauDossier,
    Protection,
    RaisonGarder,
    SourceCause,
    VoieContact,
)
from maintien.apps.socle.models import ScopedModel


class Menage(ScopedModel):
    """The accounts of one landlord that belong together. Protections live here, so closing a dossier lifts none."""

    libelle = models.CharField("nom du ménage", max_length=200, blank=True)
    lieu = models.CharField("lieu", max_length=200, blank=True)
    recherche = models.TextField("mots de recherche", blank=True)
    protection = models.CharField("protection", max_length=12, choices=Protection, default=Protection.AUCUNE)
    mandataire = models.TextField("curateur, tuteur ou personne habilitée", blank=True)
    mandataire_adresse = models.TextField("adresse du mandataire", blank=True)
    protection_depuis = models.DateField("mesure depuis le", null=True, blank=True)
    personne_protegee = models.ForeignKey(
        "comptes.Personne", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    deces_le = models.DateField("décès d'un titulaire", null=True, blank=True)
    contact_restreint = models.BooleanField("contact restreint", default=False)
    traitement_limite_le = models.DateField("traitement limité depuis le", null=True, blank=True)

    def __str__(self) -> str:
        return f"Ménage {self.pk}"


class MenageCompte(ScopedModel):
    """An account belongs to one household."""

    menage = models.ForeignKey(Menage, on_delete=models.CASCADE, related_name="rattachements")
    compte = models.OneToOneField("comptes.Compte", on_delete=models.PROTECT, related_name="rattachement")

    def __str__(self) -> str:
        return f"Ménage {self.menage_id}, compte {self.compte_id}"


class Rapprochement(ScopedModel):
    """Two households that share a tenant, and what a person said of them. `deplaces`: what a join moved, to undo it.

    `un` has the smaller key. `garde` is the one that holds the accounts of both, once joined.
    """

    un = models.ForeignKey(Menage, on_delete=models.CASCADE, related_name="+")
    autre = models.ForeignKey(Menage, on_delete=models.CASCADE, related_name="+")
    etat = models.CharField("état", max_length=10, choices=EtatRapprochement, default=EtatRapprochement.A_DECIDER)
    garde = models.ForeignKey(Menage, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    deplaces = models.JSONField("ce qui a été déplacé", default=dict, blank=True)
    decide_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decide_le = models.DateField("décidé le", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["un", "autre"], name="rapprochement_paire"),
            models.CheckConstraint(condition=Q(un__lt=F("autre")), name="rapprochement_ordre"),
        ]

    def __str__(self) -> str:
        return f"Rapprochement {self.pk}"


class PersonneNommee(ScopedModel):
    """A user named on a protected household: nobody else of the organisme learns that it is followed.

    `nommee_par` is empty when a rule raised the level and the duo was named with it.
    """

    menage = models.ForeignKey(Menage, on_delete=models.CASCADE, related_name="personnes_nommees")
    utilisateur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    nommee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("nommée le", auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["menage", "utilisateur"], name="personne_nommee_unique")]

    def __str__(self) -> str:
        return f"Personne nommée {self.pk}"


class MiseSousProtection(ScopedModel):
    """Why a household is protected, until when, and whom to keep out of it: read by those who are named, only.

    `origine`: the household whose protection covers this one too, where one of its people holds another lease.
    """

    menage = models.ForeignKey(Menage, on_delete=models.PROTECT, related_name="mises_sous_protection")
    origine = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="suites")
    motif = models.CharField("motif", max_length=12, choices=MotifRestriction)
    depuis = models.DateField("depuis le")
    auteur_presume = models.CharField("à tenir à l'écart", max_length=16, choices=AuteurPresume, blank=True)
    personne_en_cause = models.ForeignKey(
        "comptes.Personne", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    posee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("posée le", auto_now_add=True)
    levee_le = models.DateField("levée le", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["menage"], condition=Q(levee_le=None), name="mise_sous_protection_en_cours"
            )
        ]

    def __str__(self) -> str:
        return f"Mise sous protection {self.pk}"


class CanalSur(ScopedModel):
    """How one person of a protected household may be reached: entered by hand, out of reach of imports.

    It outlives the protection: until somebody says that the coordinates of the file are good again, they stay aside.
    """

    menage = models.ForeignKey(Menage, on_delete=models.PROTECT, related_name="canaux_surs")
    personne = models.ForeignKey("comptes.Personne", on_delete=models.PROTECT, related_name="canaux_surs")
    voie = models.CharField("voie", max_length=10, choices=VoieContact, default=VoieContact.AUCUNE)
    valeur = models.CharField("numéro, adresse ou tiers", max_length=200, blank=True)
    horaires = models.CharField("quand", max_length=200, blank=True)
    saisi_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    saisi_le = models.DateField("saisi le")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["menage", "personne"], name="canal_sur_personne")]

    def __str__(self) -> str:
        return f"Canal sûr {self.pk}"


class DemandeLevee(ScopedModel):
    """One person asks to lift a protection, another one answers. Kept, whatever the answer."""

    menage = models.ForeignKey(Menage, on_delete=models.PROTECT, related_name="demandes_levee")
    motif = models.CharField("motif", max_length=16, choices=MotifLevee)
    etat = models.CharField("état", max_length=10, choices=EtatLevee, default=EtatLevee.DEMANDEE)
    demandee_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    demandee_le = models.DateField("demandée le")
    decidee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decidee_le = models.DateField("décidée le", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["menage"], condition=Q(etat="demandee"), name="demande_levee_en_attente"),
            models.CheckConstraint(
                condition=Q(decidee_par=None) | ~Q(decidee_par=F("demandee_par")), name="demande_levee_deux_personnes"
            ),
        ]

    def __str__(self) -> str:
        return f"Demande de levée {self.pk}"


class Dossier(ScopedModel):
    """One household and its duo. `version` grows with every change, so that a second writer is told."""

    menage = models.ForeignKey(Menage, on_delete=models.PROTECT, related_name="dossiers")
    secteur = models.ForeignKey(
        "organismes.Secteur", on_delete=models.PROTECT, null=True, blank=True, related_name="dossiers"
    )
    etat = models.CharField("état", max_length=8, choices=EtatDossier, default=EtatDossier.OUVERT)
    niveau = models.CharField("niveau", max_length=10, choices=NiveauDossier, default=NiveauDossier.ORDINAIRE)
    referent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    cesf = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    cause = models.CharField("cause", max_length=12, choices=CauseImpaye, default=CauseImpaye.INCONNUE)
    cause_le = models.DateField("cause connue le", null=True, blank=True)
    cause_source = models.CharField("source", max_length=12, choices=SourceCause, blank=True)
    ouvert_le = models.DateField("ouvert le")
    clos_le = models.DateField("clos le", null=True, blank=True)
    motif_cloture = models.TextField("motif de clôture", blank=True)
    regle_ouverture = models.CharField("règle d'ouverture", max_length=60, blank=True)
    derniere_activite_le = models.DateField("dernière activité", null=True, blank=True)
    # Apart, for whoever may read behind the social wall: to the others, that somebody wrote there is not to be seen.
    activite_sociale_le = models.DateField("dernière note sociale", null=True, blank=True)
    sans_reponse_depuis = models.DateField("sans réponse depuis", null=True, blank=True)
    version = models.PositiveIntegerField("version", default=1)

    class Meta:
        constraints = [
            # Two open dossiers for one household would send two people to the same door.
            models.UniqueConstraint(fields=["menage"], condition=Q(etat="ouvert"), name="dossier_ouvert"),
            models.CheckConstraint(condition=Q(etat="ouvert") | Q(clos_le__isnull=False), name="dossier_clos_date"),
        ]
        indexes = [
            models.Index(fields=["organisme", "etat", "derniere_activite_le"], name="dossier_activite"),
            models.Index(fields=["organisme", "etat", "sans_reponse_depuis"], name="dossier_sans_reponse"),
            models.Index(fields=["organisme", "etat", "referent"], name="dossier_referent"),
        ]

    def __str__(self) -> str:
        return f"Dossier {self.pk}"


class Pause(ScopedModel):
    """Nothing is proposed from `du` to `au`, both included, except what the law forces."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="pauses")
    motif = models.CharField("motif", max_length=20, choices=MotifPause)
    precision = models.TextField("précision", blank=True)
    du = models.DateField("du")
    au = models.DateField("au")
    posee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    levee_le = models.DateField("levée le", null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(au__gte=F("du")), name="pause_dates")]
        indexes = [models.Index(fields=["organisme", "au", "dossier"], name="pause_au")]

    def __str__(self) -> str:
        return f"Pause {self.pk}"


class Fait(ScopedModel):
    """A dated, typed fact about a household: what any application did, for the rules and the timeline to read."""

    menage = models.ForeignKey(Menage, on_delete=models.PROTECT, related_name="faits")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, null=True, blank=True, related_name="faits")
    genre = models.CharField("genre", max_length=20, choices=GenreFait)
    issue = models.CharField("issue", max_length=20, choices=IssueContact, blank=True)
    date = models.DateField("date")
    donnees = models.JSONField("données", default=dict, blank=True)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    source = models.CharField("source", max_length=40, blank=True)
    cle = models.CharField("clé de saisie", max_length=64, blank=True, default="")
    created_at = models.DateTimeField("noté le", auto_now_add=True)

    class Meta:
        constraints = [
            # The same form, sent twice or five times at once, is one fact.
            models.UniqueConstraint(fields=["organisme", "cle"], condition=~Q(cle=""), name="fait_cle")
        ]
        indexes = [
            models.Index(fields=["menage", "date", "id"], name="fait_menage"),
            models.Index(fields=["dossier", "date", "id"], name="fait_dossier"),
        ]

    def __str__(self) -> str:
        return f"{self.get_genre_display()} {self.pk}"


class Note(ScopedModel):
    """A note. On the social wall it is read by social workers only."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="notes")
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    texte = models.TextField("texte")
    mur = models.CharField("mur", max_length=8, choices=MurNote, default=MurNote.COMMUN)
    created_at = models.DateTimeField("écrite le", auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["dossier", "id"], name="note_dossier")]

    def __str__(self) -> str:
        return f"Note {self.pk}"


class RemarqueLexique(ScopedModel):
    """A text was kept although it was to be read again: where, for which class of words, why. Never the words."""

    menage = models.ForeignKey(Menage, on_delete=models.PROTECT, related_name="remarques_lexique")
    champ = models.CharField("champ", max_length=60)
    categorie = models.CharField("catégorie", max_length=30)
    classe = models.CharField("classe", max_length=30)
    raison = models.CharField("raison", max_length=12, choices=RaisonGarder)
    version = models.CharField("version du lexique", max_length=20)
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    jour = models.DateField("jour")
    cle = models.CharField("clé de saisie", max_length=64, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisme", "cle", "champ", "classe"], condition=~Q(cle=""), name="remarque_lexique_cle"
            )
        ]
        indexes = [models.Index(fields=["organisme", "-jour", "-id"], name="remarque_lexique_jour")]

    def __str__(self) -> str:
        return f"Remarque {self.pk}"


class DemandeDroit(ScopedModel):
    """A right that somebody of a household asks for (GDPR, art. 15 to 21), and what was answered.

    `personne` is empty when the whole household asks. `ouverte_par`: who wrote it down.
    """

    menage = models.ForeignKey(Menage, on_delete=models.PROTECT, related_name="demandes_droit")
    personne = models.ForeignKey("comptes.Personne", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    genre = models.CharField("droit", max_length=15, choices=GenreDroit)
    recue_le = models.DateField("reçue le")
    prolongation = models.CharField("prolongée pour", max_length=12, choices=MotifProlongation, blank=True)
    etat = models.CharField("état", max_length=10, choices=EtatDroit, default=EtatDroit.A_TRAITER)
    ouverte_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    traitee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    repondue_le = models.DateField("répondue le", null=True, blank=True)
    reponse = models.TextField("réponse", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(etat="a_traiter") | Q(repondue_le__isnull=False), name="demande_droit_repondue"
            )
        ]
        indexes = [models.Index(fields=["organisme", "etat", "recue_le"], name="demande_droit_etat")]

    def __str__(self) -> str:
        return f"Demande {self.pk}"


class Proposition(ScopedModel):
    """What to do next for a household and why; computed by the nightly pass, decided by a person.

    `reference_compte` is empty but for what the law imposes account by account. `avant_le` is the target of the house,
    `echeance_legale` the last day that a text leaves. `traitee_le` is the day on which a person dealt with the step,
    `realisee_le` the day on which the thing was done: a report sent on Friday may be noted on Monday.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="propositions")
    genre = models.CharField("genre", max_length=60)
    reference_compte = models.CharField("compte", max_length=40, blank=True)
    quoi = models.TextField("quoi")
    canal = models.CharField("canal", max_length=12, choices=Canal)
    avant_le = models.DateField("avant le", null=True, blank=True)
    echeance_legale = models.DateField("échéance légale", null=True, blank=True)
    imposee = models.BooleanField("imposée par la loi, même pendant une pause", default=False)
    minutes = models.PositiveSmallIntegerField("minutes", default=10)
    rang = models.BigIntegerField("rang")
    classement = models.JSONField("classement", default=dict, blank=True)
    motifs = models.JSONField("motifs", default=list)
    sinon = models.TextField("sinon", blank=True)
    regle = models.CharField("règle", max_length=60)
    version_regle = models.CharField("version de la règle", max_length=40, blank=True)
    etat = models.CharField("état", max_length=10, choices=EtatProposition, default=EtatProposition.A_FAIRE)
    reportee_au = models.DateField("reportée au", null=True, blank=True)
    motif_refus = models.TextField("motif", blank=True)
    au = models.DateField("calculée au")
    traitee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    traitee_le = models.DateField("traitée le", null=True, blank=True)
    realisee_le = models.DateField("réalisée le", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "genre", "reference_compte"],
                condition=Q(etat="a_faire"),
                name="proposition_a_faire",
            )
        ]
        indexes = [
            # The state stands in the key and not in a condition: SQLite uses no partial index for a bound value.
            models.Index(fields=["organisme", "etat", "rang", "id"], name="proposition_rang"),
            models.Index(fields=["dossier", "etat", "rang", "id"], name="proposition_premiere"),
            models.Index(fields=["organisme", "etat", "genre"], name="proposition_genre"),
            models.Index(fields=["organisme", "etat", "reportee_au"], name="proposition_reportee"),
            # What was dealt with on a day is a handful of rows among hundreds of thousands never dealt with.
            models.Index(
                fields=["traitee_par", "traitee_le", "etat", "minutes"],
                condition=Q(traitee_le__isnull=False),
                name="proposition_traitee",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.genre} {self.pk}"
