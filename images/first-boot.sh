# shellcheck shell=bash
# Shared code of the bundled databases' entry points. They source it, and define before they
# call its functions:
#   DATA                 data directory
#   SECRETS              names of settings that are hidden from child processes
#   docker_process_sql   runs the SQL on its standard input; init scripts may call it too
shopt -s nullglob

# Exists from before the first file of a data directory until all files are on the disk.
MARKER=.first-boot
INIT_SCRIPTS=(/docker-entrypoint-initdb.d/*)

say() { printf 'entrypoint: %s\n' "$*" >&2; }
fail() {
  say "$@"
  exit 1
}

# Reads NAME from NAME_FILE; setting both is an error. Not exported, so that no child inherits it.
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

# Restarts this program as another user, and gives it DATA and the further directories. Passes the
# secrets through a pipe, never by environment or arguments: see `receive_secrets`.
become() {
  local user=$1 home=$2 directories=$3 name handed=
  shift 3
  mkdir -p "$DATA"
  # shellcheck disable=SC2086
  find "$DATA" $directories \! -user "$user" -exec chown "$user" {} +
  chmod 700 "$DATA"
  for name in "${SECRETS[@]}"; do handed+="$name=${!name@Q}"$'\n'; done
  exec setpriv --reuid="$user" --regid="$user" --init-groups -- \
    env HOME="$home" ENTRYPOINT_SECRETS_FD=0 "$0" "$@" <<<"$handed"
}

# True after a restart by `become`; then it sets SECRETS.
receive_secrets() {
  [[ -n ${ENTRYPOINT_SECRETS_FD-} ]] || return 1
  unset ENTRYPOINT_SECRETS_FD
  eval "$(cat)"
  exec </dev/null
}

begin_first_boot() {
  if [[ -e $DATA/$MARKER ]]; then
    say "the first boot was interrupted: starting over in $DATA"
    find "$DATA" -mindepth 1 -maxdepth 1 \! -name "$MARKER" \! -name lost+found -exec rm -rf {} +
    rm -rf "${DATA:?}/$MARKER"
  fi
  local found
  found=$(find "$DATA" -mindepth 1 -maxdepth 1 \! -name lost+found -print -quit)
  [[ -z $found ]] || fail "$DATA is not empty and holds no database ($found): empty it, or mount another volume"
  mkdir "$DATA/$MARKER"
}

end_first_boot() {
  sync --file-system "$DATA"
  rm -rf "${DATA:?}/$MARKER"
  say 'first boot done'
}

run_init_scripts() {
  local script
  for script in "${INIT_SCRIPTS[@]}"; do
    say "running $script"
    case $script in
      *.sh) run_shell_script "$script" ;;
      *.sql) docker_process_sql <"$script" >&2 ;;
      *.sql.gz) gunzip --stdout "$script" | docker_process_sql >&2 ;;
      *) say "ignored: $script is not *.sh, *.sql or *.sql.gz" ;;
    esac
  done
}

# Executable scripts run as processes, others in this shell. Both receive the secrets, as in the official
# images.
run_shell_script() {
  if [[ -x $1 ]]; then
    (export "${SECRETS[@]}" && exec "$1" >&2)
  else
    # shellcheck disable=SC1090
    . "$1" >&2
  fi
}
