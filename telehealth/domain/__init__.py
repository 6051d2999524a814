"""The words and rules of a consultation: no await, no I/O, no clock."""
