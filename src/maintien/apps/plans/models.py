"""Plans d'apurement as the landlord's software delivers them."""

from django.db import models

from maintien.apps.socle.models import ScopedModel


class PlanApurement(ScopedModel):
    """An instalment plan signed with a household: broken on a date, paid off on a date, or running."""

    compte = models.ForeignKey("comptes.Compte", on_delete=models.PROTECT, related_name="plans")
    reference = models.CharField("référence", max_length=40)
    date_signature = models.DateField("signé le")
    montant_centimes = models.PositiveBigIntegerField("montant (centimes)")
    nombre_echeances = models.PositiveSmallIntegerField("nombre d'échéances")
    mensualite_centimes = models.PositiveBigIntegerField("mensualité (centimes)")
    premiere_echeance = models.DateField("première échéance")
    date_rupture = models.DateField("rompu le", null=True, blank=True)
    date_solde = models.DateField("soldé le", null=True, blank=True)
    origine_le = models.DateField("fiche établie le", null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisme", "reference"], name="plan_reference")]
        indexes = [models.Index(fields=["compte", "date_signature"], name="plan_compte")]

    def __str__(self) -> str:
        return f"Plan d'apurement {self.reference}"
