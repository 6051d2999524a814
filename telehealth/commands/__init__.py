"""What `telehealth` does besides serving, one file per command."""
