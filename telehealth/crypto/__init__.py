"""Everything that touches keys: bytes in, bytes out; README.md explains the scheme in numbered steps."""
