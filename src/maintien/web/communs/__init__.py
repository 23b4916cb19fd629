"""What every screen shares: layout, typography, menu, forms."""
