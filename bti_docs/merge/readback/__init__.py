"""What a returned document says."""
