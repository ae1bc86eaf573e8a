"""The credit path: a closed workshop's claims, their decisions, and the ledger."""
