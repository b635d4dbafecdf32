"""The answers: documents in the shape of the interface contract, built from a history."""
