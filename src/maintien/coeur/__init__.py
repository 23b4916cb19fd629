"""Règles du droit et du métier : fonctions pures, sans Django, sans horloge, sans entrée-sortie."""
