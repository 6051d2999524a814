"""The forwarding server (SFU) that runs beside the server: Janus, with a configuration of ours, watched."""
