"""The demonstration: a landlord with a generated life and an empty one, made through the product's own ways."""

from maintien.travaux.demo.bailleurs import BAILLEURS, MOT_DE_PASSE
from maintien.travaux.demo.preparation import DemonstrationImpossibleError, Preparation, prepare

__all__ = ["BAILLEURS", "MOT_DE_PASSE", "DemonstrationImpossibleError", "Preparation", "prepare"]
