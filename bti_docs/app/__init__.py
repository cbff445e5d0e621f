"""The use cases: short functions that only sequence what the rooms below them do."""
