"""What the measures share: processes that are timed, a landlord put into a database by the shortest road."""
