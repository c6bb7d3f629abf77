"""Speed and accuracy, measured: each benchmark is a command that prints a table."""
