"""The API: what programs read, by tokens, under /api/v1. Beside the screens, through the same table."""
