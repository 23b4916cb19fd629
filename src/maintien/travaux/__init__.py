"""Jobs that compose several applications: imports, nightly pass, demo."""
