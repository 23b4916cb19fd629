"""What is a person's own: account, second factor, sessions, invitation, identity provider."""
