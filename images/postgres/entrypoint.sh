#!/bin/bash
# Entry point of clusterkit/postgres.
#
# As root: reads the password, gives the data directory to `postgres` and starts itself again as that
# user. On an empty data directory it then makes the cluster, and becomes the server.
#
# Environment, each also as NAME_FILE (a file that holds the value) where marked with *:
#   POSTGRES_PASSWORD *          required, unless POSTGRES_HOST_AUTH_METHOD=trust
#   POSTGRES_USER *              superuser (default: postgres)
#   POSTGRES_DB *                database (default: the user's name)
#   POSTGRES_INITDB_ARGS *       further arguments of initdb
#   POSTGRES_HOST_AUTH_METHOD    how TCP clients prove themselves (default: scram-sha-256)
#   PGDATA                       data directory (default: /var/lib/postgresql/data)
# First boot runs /docker-entrypoint-initdb.d/*.sql, *.sql.gz and *.sh in the order of their names.
set -Eeuo pipefail
shopt -s nullglob

# Exists from before the first file of a data directory until the last one is on the disk.
MARKER=.first-boot
INIT_SCRIPTS=(/docker-entrypoint-initdb.d/*)

say() { printf 'entrypoint: %s\n' "$*" >&2; }
fail() {
  say "$@"
  exit 1
}

# NAME from NAME_FILE; both at once is a mistake. Not exported: no child inherits it by accident.
read_setting() {
  local name=$1 file_name=$1_FILE default=${2-}
  local file=${!file_name-}
  if [[ -n $file ]]; then
    [[ -z ${!name-} ]] || fail "$name and $file_name are both set: set one of them"
    [[ -r $file ]] || fail "$file_name: $file cannot be read"
    printf -v "$name" '%s' "$(<"$file")"
  else
    printf -v "$name" '%s' "${!name:-$default}"
  fi
  export -n "${name?}"
  unset "$file_name"
}

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

# Second half of a start as root: the password goes on by a pipe, never by environment or arguments.
become_postgres() {
  mkdir -p "$PGDATA"
  find "$PGDATA" /var/run/postgresql \! -user postgres -exec chown postgres {} +
  chmod 700 "$PGDATA"
  exec setpriv --reuid=postgres --regid=postgres --init-groups -- \
    env HOME=/var/lib/postgresql ENTRYPOINT_PASSWORD_FD=0 "$0" "$@" <<<"$POSTGRES_PASSWORD"
}

wipe_unfinished() {
  [[ -e $PGDATA/$MARKER ]] || return 0
  say "the first boot was interrupted: starting over in $PGDATA"
  find "$PGDATA" -mindepth 1 -maxdepth 1 \! -name "$MARKER" \! -name lost+found -exec rm -rf {} +
  rm -rf "${PGDATA:?}/$MARKER"
}

refuse_foreign_files() {
  local found
  found=$(find "$PGDATA" -mindepth 1 -maxdepth 1 \! -name lost+found -print -quit)
  [[ -z $found ]] || fail "$PGDATA is not empty and holds no database ($found): empty it, or mount another volume"
}

# initdb wants an empty directory of its own, and PGDATA may be a mount point: made inside, then moved up.
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

# Without init scripts no server is needed to make the one database.
make_database_alone() {
  [[ $POSTGRES_DB == postgres ]] ||
    printf 'CREATE DATABASE "%s";\n' "${POSTGRES_DB//\"/\"\"}" |
    postgres --single -j -F -c log_checkpoints=off -D "$PGDATA" postgres >/dev/null
}

docker_process_sql() {
  psql -v ON_ERROR_STOP=1 --no-psqlrc --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" "$@"
}

# A private server without TCP, its socket where neither clients nor the health check look.
run_init_scripts() {
  local socket_directory
  socket_directory=$(mktemp -d)
  pg_ctl start --silent --wait -D "$PGDATA" \
    -o "-c listen_addresses='' -c unix_socket_directories='$socket_directory' -c fsync=off" >&2
  export PGHOST=$socket_directory
  [[ $POSTGRES_DB == postgres ]] ||
    POSTGRES_DB=postgres docker_process_sql --quiet -v name="$POSTGRES_DB" <<<'CREATE DATABASE :"name";'
  local script
  for script in "${INIT_SCRIPTS[@]}"; do
    say "running $script"
    case $script in
      *.sh) run_shell_script "$script" ;;
      *.sql) docker_process_sql --file="$script" >&2 ;;
      *.sql.gz) gunzip --stdout "$script" | docker_process_sql >&2 ;;
      *) say "ignored: $script is not *.sh, *.sql or *.sql.gz" ;;
    esac
  done
  pg_ctl stop --silent --wait --mode=fast -D "$PGDATA" >&2
  unset PGHOST
  rm -rf "$socket_directory"
}

# Executable scripts run alone, the others in this shell; both may use the password, as they always could.
run_shell_script() {
  if [[ -x $1 ]]; then
    POSTGRES_PASSWORD=$POSTGRES_PASSWORD "$1" >&2
  else
    # shellcheck disable=SC1090
    . "$1" >&2
  fi
}

first_boot() {
  wipe_unfinished
  refuse_foreign_files
  mkdir "$PGDATA/$MARKER"
  make_data_directory
  if ((${#INIT_SCRIPTS[@]})); then run_init_scripts; else make_database_alone; fi
  sync --file-system "$PGDATA"
  rm -rf "${PGDATA:?}/$MARKER"
  say 'first boot done'
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
  if [[ -n ${ENTRYPOINT_PASSWORD_FD:-} ]]; then
    unset ENTRYPOINT_PASSWORD_FD
    POSTGRES_PASSWORD=$(cat)
    exec </dev/null
  else
    read_settings
    refuse_without_password
    if (($(id -u) == 0)); then become_postgres "$@"; fi
  fi
  initialised || first_boot
  unset POSTGRES_PASSWORD
  exec "$@"
}

main "$@"
