"""The forwarding server (SFU) from our side: Janus' language, one connection to it, who is in which room."""
