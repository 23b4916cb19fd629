"""The outside world: landlords exports, fictitious landlord; one folder per partner."""
