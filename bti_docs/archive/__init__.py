"""The archive on disk: chains of events, their documents, Til avklaring, and the check of it all."""
