"""The demo cluster: invented people and places, seeded once and kept fresh, told by `telehealth demo`."""
