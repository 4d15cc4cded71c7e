#!/bin/sh
# The standby: copies the primary once, then follows it until it is promoted.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    PGPASSWORD="$POSTGRES_PASSWORD" pg_basebackup --checkpoint fast --host primary --username portal \
        --pgdata "$PGDATA" --write-recovery-conf --wal-method stream
    chmod 700 "$PGDATA"
fi
exec postgres -c hot_standby=on
