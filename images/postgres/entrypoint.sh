#!/bin/bash
# Entry point of clusterkit/postgres.
#
# As root: reads the password, makes `postgres` the owner of the data directory and restarts as that
# user. In an empty data directory it then creates the database cluster. Finally it runs the server.
#
# Environment; those marked with * also as NAME_FILE (a file with the value):
#   POSTGRES_PASSWORD *          required, unless POSTGRES_HOST_AUTH_METHOD=trust
#   POSTGRES_USER *              superuser (default: postgres)
#   POSTGRES_DB *                database (default: the user's name)
#   POSTGRES_INITDB_ARGS *       further arguments of initdb
#   POSTGRES_HOST_AUTH_METHOD    how TCP clients authenticate (default: scram-sha-256)
#   PGDATA                       data directory (default: /var/lib/postgresql/data)
# First boot runs /docker-entrypoint-initdb.d/*.sql, *.sql.gz and *.sh in the order of their names.
set -Eeuo pipefail

DATA=$PGDATA
SECRETS=(POSTGRES_PASSWORD)
. /usr/local/lib/first-boot.sh

read_settings() {
  read_setting POSTGRES_PASSWORD
  read_setting POSTGRES_USER postgres
  read_setting POSTGRES_DB "$POSTGRES_USER"
  read_setting POSTGRES_INITDB_ARGS
  POSTGRES_HOST_AUTH_METHOD=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
  export POSTGRES_USER POSTGRES_DB POSTGRES_INITDB_ARGS POSTGRES_HOST_AUTH_METHOD
}

initialised() { [[ -s $PGDATA/PG_VERSION && ! -e $PGDATA/$MARKER ]]; }

refuse_without_password() {
  initialised || [[ -n $POSTGRES_PASSWORD || $POSTGRES_HOST_AUTH_METHOD == trust ]] || fail \
    'no password: set POSTGRES_PASSWORD_FILE (or POSTGRES_PASSWORD), or POSTGRES_HOST_AUTH_METHOD=trust to let everybody in'
}

# initdb needs an empty directory, but PGDATA may be a mount point: create it inside, then move it up.
make_data_directory() {
  local staging=$PGDATA/$MARKER/data
  mkdir -p "$staging"
  local -a arguments
  eval "arguments=($POSTGRES_INITDB_ARGS)"
  initdb --pgdata="$staging" --username="$POSTGRES_USER" --no-sync --no-instructions \
    --auth-local=trust --auth-host=scram-sha-256 \
    ${POSTGRES_PASSWORD:+--pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD")} "${arguments[@]}" >/dev/null
  printf '\nhost all all all %s\n' "$POSTGRES_HOST_AUTH_METHOD" >>"$staging/pg_hba.conf"
  mv "$staging"/* "$PGDATA"/
  rmdir "$staging"
}

# Creates the database without a running server, which only init scripts need.
make_database_alone() {
  [[ $POSTGRES_DB == postgres ]] ||
    printf 'CREATE DATABASE "%s";\n' "${POSTGRES_DB//\"/\"\"}" |
    postgres --single -j -F -c log_checkpoints=off -D "$PGDATA" postgres >/dev/null
}

docker_process_sql() {
  psql -v ON_ERROR_STOP=1 --no-psqlrc --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" "$@"
}

# Runs init scripts on a temporary server without TCP, whose socket is hidden from clients and health check.
with_private_server() {
  local socket_directory
  socket_directory=$(mktemp -d)
  pg_ctl start --silent --wait -D "$PGDATA" \
    -o "-c listen_addresses='' -c unix_socket_directories='$socket_directory' -c fsync=off" >&2
  export PGHOST=$socket_directory
  [[ $POSTGRES_DB == postgres ]] ||
    POSTGRES_DB=postgres docker_process_sql --quiet -v name="$POSTGRES_DB" <<<'CREATE DATABASE :"name";'
  run_init_scripts
  pg_ctl stop --silent --wait --mode=fast -D "$PGDATA" >&2
  unset PGHOST
  rm -rf "$socket_directory"
}

first_boot() {
  begin_first_boot
  make_data_directory
  if ((${#INIT_SCRIPTS[@]})); then with_private_server; else make_database_alone; fi
  end_first_boot
}

wants_server() {
  [[ $1 == postgres ]] || return 1
  local argument
  for argument in "$@"; do
    case $argument in -'?' | --help | --describe-config | -V | --version | -C) return 1 ;; esac
  done
}

main() {
  [[ ${1:-} == -* ]] && set -- postgres "$@"
  wants_server "$@" || exec "$@"
  if ! receive_secrets; then
    read_settings
    refuse_without_password
    if (($(id -u) == 0)); then become postgres /var/lib/postgresql /var/run/postgresql "$@"; fi
  fi
  initialised || first_boot
  unset "${SECRETS[@]}"
  exec "$@"
}

main "$@"
