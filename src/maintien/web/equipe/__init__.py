"""The landing page of the responsable, until the dashboard."""
