"""A network on one machine: hosts in namespaces, joined by a hub in user space that spoils lines."""
