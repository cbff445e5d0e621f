"""What a Word file is: its package, parts, text, controls and pictures."""
