class NuitRefuseeError(ValueError):
    """This pass cannot be run; the message is one French sentence and says what to do."""
