"""Ma journée: the worklist."""
