"""The TURN relay that runs beside the server: coturn's program, with a configuration of ours, watched."""
