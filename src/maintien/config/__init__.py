"""Configuration: settings, root URLs, server entry points."""
