#!/bin/sh
# Backs up the queue

# The queue is copied while the relay goes on working.
# Nothing is lost by that.
set -e
cp -r /var/spool/relay "/backup/relay"

## Done
echo "The queue has been copied and the relay goes on"
