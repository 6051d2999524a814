"""The service: it decides; `signaling` and `web` are its doors."""
