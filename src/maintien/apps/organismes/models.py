"""Organismes, their sectors, their users and what each user is there."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.utils import timezone

from maintien.apps.organismes.enums import CritereSecteur, GenreOrganisme, MotifRevocation, MotifSuspension, Role
from maintien.apps.organismes.habilitations import table
from maintien.apps.socle.models import ScopedModel


class RoleDeplaceError(ValueError):
    """A role that has no place in an organisme of this kind; the message says which."""


class Organisme(models.Model):
    """A landlord or a partner.

    A landlord's working day is the date of its last nightly pass; `livres_au` is how far its books then went.
    """

    code = models.CharField("code", max_length=20, unique=True)
    nom = models.CharField("nom", max_length=120)
    genre = models.CharField("genre", max_length=20, choices=GenreOrganisme, default=GenreOrganisme.BAILLEUR)
    derniere_nuit = models.DateField("dernière passe de nuit", null=True, blank=True)
    livres_au = models.DateField("écritures connues jusqu'au", null=True, blank=True)
    created_at = models.DateTimeField("créé le", auto_now_add=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.nom


class Secteur(ScopedModel):
    """A part of a landlord's homes, looked after by the same people."""

    code = models.CharField("code", max_length=20)
    nom = models.CharField("nom", max_length=120)

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["organisme", "code"], name="secteur_code")]

    def __str__(self) -> str:
        return self.nom


class RattachementSecteur(ScopedModel):
    """Which homes belong to a sector: a residence wins over a commune, a commune over a postcode."""

    secteur = models.ForeignKey(Secteur, on_delete=models.CASCADE, related_name="rattachements")
    critere = models.CharField("critère", max_length=12, choices=CritereSecteur)
    valeur = models.CharField("valeur", max_length=120)

    class Meta:
        constraints = [
            # One value in two sectors would make the sector of a home depend on the order of the rows.
            models.UniqueConstraint(fields=["organisme", "critere", "valeur"], name="rattachement_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.get_critere_display()} {self.valeur}"


class JetonApi(ScopedModel):
    """A token by which a program reads one organisme. Its secret is not here: `empreinte` is the SHA-256 of it.

    `usage_le`, `appels` and `refus` count one day, told to the journal when the next one begins; `minute` and
    `appels_minute` hold the rate.
    """

    nom = models.CharField("nom", max_length=80)
    numero = models.BigIntegerField("numéro")
    empreinte = models.CharField("empreinte SHA-256", max_length=64)
    portees = models.JSONField("portées", default=list)
    secteur = models.ForeignKey(Secteur, on_delete=models.PROTECT, null=True, blank=True, related_name="jetons")
    expire_le = models.DateField("expire le")
    revoque_le = models.DateTimeField("révoqué le", null=True, blank=True)
    motif_revocation = models.CharField("motif", max_length=10, choices=MotifRevocation, blank=True)
    cree_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("créé le", auto_now_add=True)
    usage_le = models.DateField("dernier usage", null=True, blank=True)
    appels = models.PositiveIntegerField("appels ce jour-là", default=0)
    refus = models.PositiveIntegerField("refusés ce jour-là", default=0)
    minute = models.PositiveBigIntegerField("minute", default=0)
    appels_minute = models.PositiveIntegerField("appels dans cette minute", default=0)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["organisme", "numero"], name="jeton_numero")]
        indexes = [models.Index(fields=["numero"], name="jeton_numero_seul")]

    def __str__(self) -> str:
        return f"Jeton d'API {self.prefixe}"

    @property
    def prefixe(self) -> str:
        """What is shown of a token, and begins it after `mnt_`: its number, 48 bits drawn at random."""
        return f"{self.numero:012x}"


class UtilisateurManager(BaseUserManager["Utilisateur"]):
    """Users are known by their e-mail, kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **champs: Any) -> "Utilisateur":
        utilisateur = self.model(email=email.strip().lower(), **champs)
        utilisateur.set_password(password)
        utilisateur.save(using=self._db)
        return utilisateur

    def create_superuser(self, email: str, password: str | None = None, **champs: Any) -> "Utilisateur":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **champs)

    def get_by_natural_key(self, username: str | None) -> "Utilisateur":
        return self.get(email=(username or "").strip().lower())


class Utilisateur(AbstractUser):
    """A person who logs in by e-mail. What they may do comes from their `Appartenance`, never from here."""

    username = None  # type: ignore[assignment]
    email = models.EmailField("adresse électronique", unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UtilisateurManager] = UtilisateurManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "utilisateur"

    def __str__(self) -> str:
        return self.get_full_name() or self.email


class Appartenance(ScopedModel):
    """What a user is in one organisme: one role, a perimeter, minutes for the worklist.

    The perimeter is a sector, or all of them when none is named; with `portefeuille_seul`, his own dossiers only.
    A gardien has the residence of which he knows the households.
    """

    utilisateur = models.ForeignKey(Utilisateur, on_delete=models.CASCADE, related_name="appartenances")
    role = models.CharField("rôle", max_length=20, choices=Role)
    secteur = models.ForeignKey(Secteur, on_delete=models.PROTECT, null=True, blank=True, related_name="appartenances")
    portefeuille_seul = models.BooleanField("ne voit que son portefeuille", default=False)
    residence = models.CharField("résidence", max_length=120, blank=True)
    minutes_par_jour = models.PositiveSmallIntegerField("minutes par jour", default=120)
    actif = models.BooleanField("actif", default=True)
    # Since it was given, or given back: an account that nobody has used is counted from there.
    active_depuis = models.DateTimeField("active depuis", default=timezone.now)
    suspendue_le = models.DateTimeField("suspendue le", null=True, blank=True)
    suspension = models.CharField("motif de suspension", max_length=20, choices=MotifSuspension, blank=True)

    # Purposes said in the session of the request, dossier by dossier (finalites.py); never stored.
    finalites: Mapping[int, str] = MappingProxyType({})

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisme", "utilisateur"], name="appartenance_unique")]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.check_scope()
        if self.organisme.genre not in table().organismes[self.role]:
            raise RoleDeplaceError(
                f"Le rôle « {self.get_role_display()} » n'existe pas dans un organisme de genre "
                f"« {self.organisme.get_genre_display()} »."
            )
        super().save(*args, **kwargs)

    def suspend(self, motif: MotifSuspension) -> None:
        self.actif, self.suspendue_le, self.suspension = False, timezone.now(), motif
        self.save(update_fields=["actif", "suspendue_le", "suspension"])

    def reactivate(self) -> None:
        self.actif, self.suspendue_le, self.suspension, self.active_depuis = True, None, "", timezone.now()
        self.save(update_fields=["actif", "suspendue_le", "suspension", "active_depuis"])


class InvitationCompte(models.Model):
    """A link by which one person chooses a password, once. Only its sum is kept: the table alone opens nothing.

    Belongs to the person, like a password, and not to an organisme.
    """

    utilisateur = models.ForeignKey(Utilisateur, on_delete=models.CASCADE, related_name="invitations")
    empreinte = models.CharField("empreinte du lien", max_length=64, unique=True)
    expire_le = models.DateTimeField("expire le")
    utilisee_le = models.DateTimeField("utilisée le", null=True, blank=True)
    created_at = models.DateTimeField("créée le", default=timezone.now)

    def __str__(self) -> str:
        return f"Invitation {self.pk}"


class SessionOuverte(models.Model):
    """Which sessions are a person's: what they see, and end, on « Mon compte »."""

    utilisateur = models.ForeignKey(Utilisateur, on_delete=models.CASCADE, related_name="sessions_ouvertes")
    cle = models.CharField("clé de la session", max_length=40, unique=True)
    appareil = models.CharField("appareil", max_length=80, blank=True)
    ouverte_le = models.DateTimeField("ouverte le", default=timezone.now)

    def __str__(self) -> str:
        return f"Session {self.pk}"


class IdentiteExterne(models.Model):
    """The subject by which an identity provider (ProConnect, the landlord's own) knows a user."""

    utilisateur = models.ForeignKey(Utilisateur, on_delete=models.CASCADE, related_name="identites")
    emetteur = models.CharField("émetteur", max_length=255)
    sujet = models.CharField("sujet", max_length=255)
    created_at = models.DateTimeField("liée le", default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["emetteur", "sujet"], name="identite_sujet"),
            # A second subject that claims the same person is refused, not added.
            models.UniqueConstraint(fields=["utilisateur", "emetteur"], name="identite_utilisateur"),
        ]

    def __str__(self) -> str:
        return f"Identité {self.pk}"
