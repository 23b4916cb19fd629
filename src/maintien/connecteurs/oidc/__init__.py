"""An identity provider that speaks OpenID Connect: ProConnect, or the landlord's own."""
