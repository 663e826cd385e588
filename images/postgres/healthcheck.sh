#!/bin/sh
# Healthy: the server (not the temporary one of the first boot) answers a query.
user=${POSTGRES_USER:-$(cat "${POSTGRES_USER_FILE:-/dev/null}")}
user=${user:-postgres}
database=${POSTGRES_DB:-$(cat "${POSTGRES_DB_FILE:-/dev/null}")}
exec psql --no-psqlrc --quiet --host=/var/run/postgresql --username="$user" \
  --dbname="${database:-$user}" --output=/dev/null --command='SELECT 1'
