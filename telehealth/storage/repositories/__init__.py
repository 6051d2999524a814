"""One module per Protocol of telehealth/services/repositories.py."""
