# Prints how full the queue is

"""Reads the spool of the relay and prints how many letters wait in it."""

import os

# The folder in which the relay keeps its letters.
SPOOL = "/var/spool/relay"


def waiting():
    # Each letter is one file.
    return len(os.listdir(SPOOL))


print(f"{waiting()} letters wait in the queue of the relay")
