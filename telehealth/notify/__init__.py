"""Ways out for messages: e-mail and the terminal, and the words that they carry."""
