"""The pages of the administrator: accounts of the organisme."""
