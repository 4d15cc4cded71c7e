#!/bin/sh
# Run once, when the primary is made: the standby may stream from it.
set -eu
echo "host replication all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
