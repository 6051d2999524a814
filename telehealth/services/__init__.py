"""Use cases: one class per job, their needs in the constructor."""
