"""The warehouse: a columnar read model of one ledger, for questions that nobody foresaw."""
