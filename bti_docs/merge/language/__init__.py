"""The tag language: tags in Word text, Jinja expressions made small, filters and values."""
