"""What is wrong with a template, said with its place."""
