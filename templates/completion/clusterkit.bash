# Completion of clusterkit for bash. Made by `clusterkit completion bash`; to have it always:
#   echo 'eval "$(clusterkit completion bash)"' >> ~/.bashrc

_clusterkit_offer() {
  local offered
  while IFS= read -r offered; do
    if [[ -n $offered && $offered == "$1"* ]]; then COMPREPLY+=("$(printf %q "$offered")"); fi
  done
}

_clusterkit() {
  local cur=${COMP_WORDS[COMP_CWORD]} at='' given=0 previous='' word i options='' words='' kind='' first=''
  local program=${COMP_WORDS[0]/#\~/$HOME}
  local -a files=()
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    case $previous in
      --registry | --config) files+=("$previous" "${word/#\~/$HOME}") ;;
    esac
    case $previous in
      @VALUE_OPTIONS@)
        previous=''
        continue
        ;;
    esac
    previous=''
    case $word in
      -*)
        previous=$word
        continue
        ;;
    esac
    case "$at $word" in
      @COMMANDS@) at=${at:+$at }$word ;;
      *)
        given=$((given + 1))
        first=${first:-$word}
        ;;
    esac
  done

  case $previous in
    @FILE_OPTIONS@) kind=file ;;
    @NAME_OPTIONS@) kind=registry ;;
    @VALUE_OPTIONS@) return 0 ;;
  esac
  if [[ -z $kind ]]; then
    case $at in
@WORDS@
    esac
    if [[ $cur == -* ]]; then
      _clusterkit_offer "$cur" < <(printf '%s\n' $options)
      return 0
    fi
    case "$at $given" in
@ARGUMENTS@
    esac
    _clusterkit_offer "$cur" < <(printf '%s\n' $words)
  fi
  case $kind in
    file)
      compopt -o filenames 2> /dev/null
      while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$cur")
      ;;
    registry | settings | apps | backups)
      [[ $kind == apps ]] && files+=("$first")
      _clusterkit_offer "$cur" < <("$program" __complete-names "$kind" ${files[@]+"${files[@]}"} 2> /dev/null)
      ;;
  esac
}

complete -F _clusterkit clusterkit
