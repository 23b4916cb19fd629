"""Homes, leases, people, accounts, écritures, file deliveries, and the current situation of each account."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from maintien.apps.comptes.enums import (
    CodeEcriture,
    EtatFichier,
    EtatImportation,
    GenreFichier,
    ModeApl,
    MotifSortie,
    RoleOccupation,
    StatutCompte,
    TermeLoyer,
)
from maintien.apps.socle.models import ScopedModel


class Logement(ScopedModel):
    """A home or a parking space."""

    reference = models.CharField("référence", max_length=40)
    residence = models.CharField("résidence", max_length=120, blank=True)
    voie = models.CharField("voie", max_length=200, blank=True)
    code_postal = models.CharField("code postal", max_length=10, blank=True)
    commune = models.CharField("commune", max_length=120, blank=True)
    code_insee = models.CharField("code Insee", max_length=5, blank=True)
    departement = models.CharField("département", max_length=3, blank=True)
    type_logement = models.CharField("type", max_length=20, blank=True)
    surface = models.PositiveIntegerField("surface (m²)", null=True, blank=True)
    secteur = models.ForeignKey(
        "organismes.Secteur", on_delete=models.PROTECT, null=True, blank=True, related_name="logements"
    )
    origine_le = models.DateField("fiche établie le", null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisme", "reference"], name="logement_reference")]

    def __str__(self) -> str:
        return f"Logement {self.reference}"


class Compte(ScopedModel):
    """A tenant's account; it may carry several leases (parking, mutation)."""

    reference = models.CharField("référence", max_length=40)
    secteur = models.ForeignKey(
        "organismes.Secteur", on_delete=models.PROTECT, null=True, blank=True, related_name="comptes"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisme", "reference"], name="compte_reference")]

    def __str__(self) -> str:
        return f"Compte {self.reference}"


class Bail(ScopedModel):
    """A lease. `date_sortie` may lie ahead: notice received."""

    compte = models.ForeignKey(Compte, on_delete=models.PROTECT, related_name="baux")
    logement = models.ForeignKey(Logement, on_delete=models.PROTECT, null=True, blank=True, related_name="baux")
    reference = models.CharField("référence", max_length=40)
    date_signature = models.DateField("signé le", null=True, blank=True)
    date_entree = models.DateField("entrée")
    date_sortie = models.DateField("sortie", null=True, blank=True)
    motif_sortie = models.CharField("motif de sortie", max_length=12, choices=MotifSortie, blank=True)
    terme = models.CharField("terme", max_length=10, choices=TermeLoyer, default=TermeLoyer.ECHU)
    jour_exigibilite = models.PositiveSmallIntegerField("jour d'exigibilité", default=31)
    mode_paiement = models.CharField("mode de paiement", max_length=20, blank=True)
    rum = models.CharField("référence du mandat", max_length=35, blank=True)
    iban = models.CharField("IBAN", max_length=34, blank=True)
    apl_mode = models.CharField("APL", max_length=10, choices=ModeApl, default=ModeApl.SANS)
    numero_allocataire = models.CharField("numéro d'allocataire", max_length=20, blank=True)
    depot_garantie_centimes = models.PositiveBigIntegerField("dépôt de garantie (centimes)", null=True, blank=True)
    bail_annexe_de = models.CharField("annexe du bail", max_length=40, blank=True)
    origine_le = models.DateField("fiche établie le", null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisme", "reference"], name="bail_reference")]
        indexes = [models.Index(fields=["organisme", "bail_annexe_de"], name="bail_annexe")]

    def __str__(self) -> str:
        return f"Bail {self.reference}"


class Personne(ScopedModel):
    """Someone named on a lease, with coordinates as typed by the landlord."""

    reference = models.CharField("référence", max_length=40)
    civilite = models.CharField("civilité", max_length=10, blank=True)
    nom = models.CharField("nom", max_length=120)
    prenom = models.CharField("prénom", max_length=120, blank=True)
    date_naissance = models.DateField("né le", null=True, blank=True)
    telephone = models.CharField("téléphone", max_length=60, blank=True)
    courriel = models.CharField("courriel", max_length=200, blank=True)
    contact_restreint = models.BooleanField("contact restreint", default=False)
    opposition_sms = models.BooleanField("opposition aux SMS", default=False)
    situation_entree = models.CharField("situation à l'entrée", max_length=120, blank=True)
    deces_le = models.DateField("décédé le", null=True, blank=True)
    origine_le = models.DateField("fiche établie le", null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisme", "reference"], name="personne_reference")]

    def __str__(self) -> str:
        return f"Personne {self.reference}"


class Occupation(ScopedModel):
    """Who is on an account, and as what. A caution pays for the tenant and is never contacted as one."""

    personne = models.ForeignKey(Personne, on_delete=models.PROTECT, related_name="occupations")
    compte = models.ForeignKey(Compte, on_delete=models.PROTECT, related_name="occupations")
    bail_reference = models.CharField("bail", max_length=40, blank=True)
    role = models.CharField("rôle", max_length=12, choices=RoleOccupation)
    origine_le = models.DateField("fiche établie le", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["personne", "compte", "bail_reference"], name="occupation_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.pk}"


class Importation(ScopedModel):
    """A deposit of files read through one profile."""

    profil = models.CharField("profil", max_length=60)
    demandee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    etat = models.CharField("état", max_length=12, choices=EtatImportation, default=EtatImportation.EN_ATTENTE)
    execution = models.OneToOneField(
        "socle.Execution", on_delete=models.PROTECT, null=True, blank=True, related_name="importation"
    )
    created_at = models.DateTimeField("demandée le", auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["organisme", "-id"], name="importation_recente")]

    def __str__(self) -> str:
        return f"Import {self.pk}"


class FichierImporte(ScopedModel):
    """One file of a deposit: all its good lines are taken in one transaction, or none."""

    importation = models.ForeignKey(Importation, on_delete=models.PROTECT, related_name="fichiers")
    nom = models.CharField("nom", max_length=255)
    chemin = models.CharField("chemin", max_length=500)
    empreinte = models.CharField("empreinte SHA-256", max_length=64)
    taille = models.PositiveBigIntegerField("taille (octets)", default=0)
    genre = models.CharField("genre", max_length=12, choices=GenreFichier, blank=True)
    etabli_le = models.DateField("établi le", null=True, blank=True)
    etat = models.CharField("état", max_length=12, choices=EtatFichier, default=EtatFichier.EN_ATTENTE)
    lignes = models.PositiveIntegerField("lignes", default=0)
    prises = models.PositiveIntegerField("prises", default=0)
    refusees = models.PositiveIntegerField("refusées", default=0)
    deja_connues = models.PositiveIntegerField("déjà connues", default=0)
    total_annonce_centimes = models.BigIntegerField("total annoncé (centimes)", null=True, blank=True)
    total_lu_centimes = models.BigIntegerField("total lu (centimes)", null=True, blank=True)
    nb_annonce = models.PositiveIntegerField("lignes annoncées", null=True, blank=True)
    totaux_expliques = models.BooleanField("totaux expliqués", default=True)
    # Entries whose amount could not be read, when each is known by name: delivered right later, they settle the total.
    references_sans_montant = models.JSONField("pièces sans montant lisible", default=list, blank=True)
    message = models.TextField("message", blank=True)
    # Its content held people's data and is gone; the sums and counts above stay.
    efface_le = models.DateTimeField("contenu effacé le", null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisme", "empreinte"], name="fichier_empreinte"),
            # The sweep asks of each content on the disk which files still need it.
            models.Index(fields=["chemin"], name="fichier_chemin"),
        ]

    def __str__(self) -> str:
        return self.nom


class LigneRefusee(ScopedModel):
    """A line put aside: where it is, what was read, why it was refused and how to cure it."""

    fichier = models.ForeignKey(FichierImporte, on_delete=models.CASCADE, related_name="lignes_refusees")
    ligne = models.PositiveIntegerField("ligne")
    colonne = models.CharField("colonne", max_length=80, blank=True)
    valeur = models.TextField("valeur", blank=True)
    motif = models.TextField("motif")
    remede = models.TextField("remède", blank=True)
    # What could still be read of it: delivered right later under this number, the line is missing no more.
    reference = models.CharField("numéro", max_length=200, blank=True)
    montant_centimes = models.BigIntegerField("montant (centimes)", null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["fichier", "ligne"], name="ligne_refusee_fichier")]

    def __str__(self) -> str:
        return f"Ligne {self.ligne}"


def new_identifiant() -> str:
    return uuid4().hex


class Livraison(ScopedModel):
    """One committed delivery of écritures. Its number is the one the Parquet mirror has reached or not.

    `identifiant` is drawn at random: after a restoration, another delivery may come under the same number.
    """

    numero = models.PositiveIntegerField("numéro")
    identifiant = models.CharField("identifiant", max_length=32, default=new_identifiant, editable=False)
    fichier_importe = models.OneToOneField(
        FichierImporte, on_delete=models.PROTECT, null=True, blank=True, related_name="livraison"
    )
    created_at = models.DateTimeField("livrée le", auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisme", "numero"], name="livraison_numero")]

    def __str__(self) -> str:
        return f"Livraison {self.numero}"


class Ecriture(ScopedModel):
    """One line of an account. The database refuses to change or remove it: a correction is another line."""

    compte = models.ForeignKey(Compte, on_delete=models.PROTECT, related_name="ecritures")
    livraison = models.ForeignKey(Livraison, on_delete=models.PROTECT, related_name="ecritures")
    reference = models.CharField("référence", max_length=60)
    date_comptable = models.DateField("date comptable")
    date_valeur = models.DateField("date de valeur", null=True, blank=True)
    date_exigibilite = models.DateField("date d'exigibilité", null=True, blank=True)
    periode = models.CharField("mois de droit", max_length=7, blank=True)
    code = models.CharField("code", max_length=3, choices=CodeEcriture)
    libelle = models.CharField("libellé", max_length=200, blank=True)
    debit_centimes = models.BigIntegerField("débit (centimes)", default=0)
    credit_centimes = models.BigIntegerField("crédit (centimes)", default=0)
    mode = models.CharField("mode", max_length=20, blank=True)
    reference_annulee = models.CharField("écriture annulée", max_length=60, blank=True)
    affectation = models.TextField("mois désignés", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisme", "reference"], name="ecriture_reference"),
            models.CheckConstraint(
                condition=Q(debit_centimes__gte=0, credit_centimes__gte=0)
                & (Q(debit_centimes=0) | Q(credit_centimes=0)),
                name="ecriture_debit_ou_credit",
            ),
        ]
        indexes = [
            models.Index(fields=["compte", "date_comptable", "id"], name="ecriture_compte"),
            # Few entries cancel another; each import looks among them.
            models.Index(
                fields=["organisme", "reference_annulee"],
                condition=~Q(reference_annulee=""),
                name="ecriture_annulante",
            ),
        ]

    def __str__(self) -> str:
        return f"Écriture {self.reference}"


class SituationCompte(ScopedModel):
    """The current computed state of an account (conventions of the rent account, C7 to C10)."""

    compte = models.OneToOneField(Compte, on_delete=models.CASCADE, related_name="situation")
    au = models.DateField("au")
    statut = models.CharField("statut", max_length=8, choices=StatutCompte)
    solde_centimes = models.BigIntegerField("solde (centimes)", default=0)
    dette_exigible_centimes = models.BigIntegerField("dette exigible (centimes)", default=0)
    dette_locative_centimes = models.BigIntegerField("dette locative (centimes)", default=0)
    dette_accessoires_centimes = models.BigIntegerField("frais et intérêts (centimes)", default=0)
    non_echu_centimes = models.BigIntegerField("non échu (centimes)", default=0)
    avance_centimes = models.BigIntegerField("avance (centimes)", default=0)
    excedent_apl_centimes = models.BigIntegerField("excédent d'APL (centimes)", default=0)
    dg_net_centimes = models.BigIntegerField("dépôt de garantie net (centimes)", default=0)
    nb_termes_impayes = models.PositiveIntegerField("termes impayés", default=0)
    date_plus_ancien = models.DateField("plus ancien impayé", null=True, blank=True)
    tranche_lt1_centimes = models.BigIntegerField("moins d'un mois (centimes)", default=0)
    tranche_1_3_centimes = models.BigIntegerField("1 à 3 mois (centimes)", default=0)
    tranche_3_6_centimes = models.BigIntegerField("3 à 6 mois (centimes)", default=0)
    tranche_6_12_centimes = models.BigIntegerField("6 à 12 mois (centimes)", default=0)
    tranche_ge12_centimes = models.BigIntegerField("plus de 12 mois (centimes)", default=0)
    terme_moyen_net_centimes = models.BigIntegerField("terme moyen net (centimes)", null=True, blank=True)
    mois_de_dette_centiemes = models.BigIntegerField("mois de dette (centièmes)", null=True, blank=True)
    trois_termes_moyens = models.BooleanField("trois termes moyens", default=False)
    apl_concerne = models.BooleanField("concerné par l'APL", default=False)
    apl_seuil_ancien_centimes = models.BigIntegerField("ancien seuil d'APL (centimes)", null=True, blank=True)
    impaye_apl_ancien = models.BooleanField("impayé, ancienne règle", default=False)
    date_impaye_apl_ancien = models.DateField(null=True, blank=True)
    impaye_apl_2027 = models.BooleanField("impayé, règle de 2027", default=False)
    date_impaye_apl_2027 = models.DateField(null=True, blank=True)
    impaye_apl_legal = models.BooleanField("impayé au sens de l'APL", default=False)
    date_impaye_apl_legal = models.DateField("constitué le", null=True, blank=True)
    constate_le = models.DateField("constaté le", null=True, blank=True)
    # The pass that last changed a figure; empty for those not changed since this was kept.
    modifiee_le = models.DateField("modifiée le", null=True, blank=True)
    empreinte = models.CharField("empreinte", max_length=64, blank=True)

    def __str__(self) -> str:
        return f"Situation du compte {self.compte_id} au {self.au}"
