"""Le compte de loyer : écritures, imputation, situation à une date (conventions C1 à C11)."""
