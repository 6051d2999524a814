"""The door for live messages: Socket.IO in, rooms out. PROTOCOL.md says what passes through it."""
