"""What may be kept, whose account is whose, and under which keyed id. Pure: nothing is stored and nobody is asked."""
