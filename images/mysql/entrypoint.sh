#!/bin/bash
# Entry point of clusterkit/mysql.
#
# As root: reads the passwords, makes `mysql` the owner of the data directory and restarts as that user.
# In an empty data directory it then creates the system tables and accounts. Finally it runs the server.
#
# Environment; those marked with * also as NAME_FILE (a file with the value):
#   MYSQL_ROOT_PASSWORD *         required, unless one of the next two is set
#   MYSQL_ALLOW_EMPTY_PASSWORD    any value: root needs no password
#   MYSQL_RANDOM_ROOT_PASSWORD    any value: a random one, written to root-password in the data directory
#   MYSQL_ROOT_HOST *             host from which root may connect besides localhost (default: %, any)
#   MYSQL_DATABASE *              database to create
#   MYSQL_USER *                  account to create, with all rights on that database
#   MYSQL_PASSWORD *              its password
# First boot runs /docker-entrypoint-initdb.d/*.sql, *.sql.gz and *.sh in the order of their names.
set -Eeuo pipefail
shopt -s inherit_errexit

DATA=/var/lib/mysql
SECRETS=(MYSQL_ROOT_PASSWORD MYSQL_PASSWORD)
. /usr/local/lib/first-boot.sh

read_settings() {
  read_setting MYSQL_ROOT_PASSWORD
  read_setting MYSQL_PASSWORD
  read_setting MYSQL_ROOT_HOST %
  read_setting MYSQL_DATABASE
  read_setting MYSQL_USER
  export MYSQL_ROOT_HOST MYSQL_DATABASE MYSQL_USER
}

# MySQL's own data directories lack the file; MariaDB would damage them.
initialised() { [[ -e $DATA/aria_log_control && -d $DATA/mysql && ! -e $DATA/$MARKER ]]; }

check_settings() {
  initialised && return
  [[ -n $MYSQL_ROOT_PASSWORD || -n ${MYSQL_ALLOW_EMPTY_PASSWORD-} || -n ${MYSQL_RANDOM_ROOT_PASSWORD-} ]] || fail \
    'no password: set MYSQL_ROOT_PASSWORD_FILE (or MYSQL_ROOT_PASSWORD), MYSQL_RANDOM_ROOT_PASSWORD=yes, or MYSQL_ALLOW_EMPTY_PASSWORD=yes to let everybody in'
  [[ $MYSQL_USER != root ]] || fail 'MYSQL_USER is root, which there is always: set MYSQL_ROOT_PASSWORD_FILE alone'
  [[ -z $MYSQL_USER || -n $MYSQL_PASSWORD ]] || fail "MYSQL_USER is $MYSQL_USER, who has no password: set MYSQL_PASSWORD_FILE"
  [[ -n $MYSQL_USER || -z $MYSQL_PASSWORD ]] || fail 'MYSQL_PASSWORD is set, and is nobody’s: set MYSQL_USER'
}

random_password() { head -c 24 /dev/urandom | base64 | tr '+/' '-_'; }

# The server's hash of a password, so that no statement contains the password.
hash_of() {
  [[ -n $1 ]] || return 0
  local sum
  sum=$(printf '%s' "$1" | sha1sum)
  # shellcheck disable=SC2059
  sum=$(printf "$(sed 's/../\\x&/g' <<<"${sum%% *}")" | sha1sum)
  sum=${sum%% *}
  printf '*%s' "${sum^^}"
}

text() { printf "'%s'" "${1//\'/\'\'}"; }
name() { printf '`%s`' "${1//\`/\`\`}"; }

account() {
  printf "CREATE USER %s@%s IDENTIFIED BY PASSWORD '%s';\n" "$(text "$1")" "$(text "$2")" "$(hash_of "$3")"
}

# A statement may span lines, and must end at the end of a line.
first_statements() {
  local here=/usr/share/mysql host
  local -a hosts=(localhost)
  [[ $MYSQL_ROOT_HOST == localhost ]] || hosts+=("$MYSQL_ROOT_HOST")
  printf 'CREATE DATABASE mysql;\nUSE mysql;\n'
  cat "$here"/{mysql_system_tables,mysql_performance_tables,maria_add_gis_sp_bootstrap}.sql
  printf '%s\n' "SET sql_mode = 'NO_BACKSLASH_ESCAPES';" 'FLUSH PRIVILEGES;'
  for host in "${hosts[@]}"; do
    account root "$host" "$MYSQL_ROOT_PASSWORD"
    printf 'GRANT ALL ON *.* TO root@%s WITH GRANT OPTION;\n' "$(text "$host")"
  done
  account clusterkit-health 127.0.0.1 "$1"
  if [[ -n $MYSQL_DATABASE ]]; then printf 'CREATE DATABASE %s;\n' "$(name "$MYSQL_DATABASE")"; fi
  if [[ -n $MYSQL_USER ]]; then
    account "$MYSQL_USER" % "$MYSQL_PASSWORD"
    [[ -z $MYSQL_DATABASE ]] || printf "GRANT ALL ON %s.* TO %s@'%%';\n" \
      "$(name "$(sed 's/[_%]/\\&/g' <<<"$MYSQL_DATABASE")")" "$(text "$MYSQL_USER")"
  fi
}

# Runs the server once to execute statements; it does not listen.
make_data_directory() {
  local health_password statements log
  health_password=$(random_password)
  (
    umask 077
    printf '%s\n' '[client]' user=clusterkit-health "password=$health_password" host=127.0.0.1 \
      >"$DATA/.healthcheck.cnf"
    if [[ -z $MYSQL_ROOT_PASSWORD && -n ${MYSQL_RANDOM_ROOT_PASSWORD-} ]]; then
      random_password >"$DATA/root-password"
    fi
  )
  if [[ -e $DATA/root-password ]]; then
    MYSQL_ROOT_PASSWORD=$(<"$DATA/root-password")
    say "root has a random password: see $DATA/root-password"
  fi
  statements=$(first_statements "$health_password")
  log=$("$@" --bootstrap 2>&1 <<<"$statements") || fail "$log"
}

docker_process_sql() {
  MYSQL_PWD=$MYSQL_ROOT_PASSWORD mysql --user=root --database="$MYSQL_DATABASE" "$@"
}

# Runs init scripts on a temporary server without TCP, whose socket clients do not find.
with_private_server() {
  local directory server deadline=$((SECONDS + 60))
  directory=$(mktemp -d)
  export MYSQL_UNIX_PORT=$directory/mysqld.sock
  "$@" --skip-networking --socket="$MYSQL_UNIX_PORT" --pid-file="$directory/pid" >&2 &
  server=$!
  until docker_process_sql <<<'SELECT 1' &>/dev/null; do
    kill -0 "$server" 2>/dev/null || fail 'the private server of the first boot ended'
    ((SECONDS < deadline)) || fail 'the private server of the first boot does not answer'
    sleep 0.1
  done
  run_init_scripts
  kill "$server"
  wait "$server"
  unset MYSQL_UNIX_PORT
  rm -rf "$directory"
}

first_boot() {
  begin_first_boot
  make_data_directory "$@"
  if ((${#INIT_SCRIPTS[@]})); then with_private_server "$@"; fi
  end_first_boot
}

wants_server() {
  [[ $1 == mysqld || $1 == mariadbd ]] || return 1
  local argument
  for argument in "$@"; do
    case $argument in -'?' | --help | -V | --version | --print-defaults) return 1 ;; esac
  done
}

main() {
  [[ ${1:-} == -* ]] && set -- mysqld "$@"
  wants_server "$@" || exec "$@"
  if ! receive_secrets; then
    read_settings
    check_settings
    if (($(id -u) == 0)); then become mysql /var/lib/mysql '/run/mysqld /var/lib/mysql-files' "$@"; fi
  fi
  initialised || first_boot "$@"
  unset "${SECRETS[@]}"
  exec "$@"
}

main "$@"
