#compdef clusterkit
# Completion of clusterkit for zsh. Made by `clusterkit completion zsh`; to have it always:
#   echo 'source <(clusterkit completion zsh)' >> ~/.zshrc

_clusterkit() {
  local at='' given=0 previous='' word i kind='' first=''
  local -a files options commands choices names
  for ((i = 2; i < CURRENT; i++)); do
    word=${words[i]}
    case $previous in
      --registry | --config) files+=("$previous" "${(Q)word/#\~/$HOME}") ;;
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
        first=${first:-${(Q)word}}
        ;;
    esac
  done

  case $previous in
    @FILE_OPTIONS@)
      _files
      return
      ;;
    @NAME_OPTIONS@) kind=registry ;;
    @VALUE_OPTIONS@)
      _message value
      return
      ;;
  esac
  [[ -z $kind ]] && case $at in
@WORDS@
  esac
  if [[ -z $kind && ${words[CURRENT]} == -* ]]; then
    _describe -o option options
    return
  fi
  [[ -z $kind ]] && case "$at $given" in
@ARGUMENTS@
  esac
  (($#commands)) && _describe command commands
  (($#choices)) && compadd -- $choices
  case $kind in
    file) _files ;;
    registry | settings | apps | backups)
      [[ $kind == apps ]] && files+=("$first")
      names=("${(@f)$("${(Q)words[1]/#\~/$HOME}" __complete-names $kind $files 2> /dev/null)}")
      [[ -n ${names[1]} ]] && compadd -- $names
      ;;
  esac
}

if [[ ${funcstack[1]} == _clusterkit ]]; then
  _clusterkit "$@"
else
  (($+functions[compdef])) || { autoload -Uz compinit && compinit; }
  compdef _clusterkit clusterkit
fi
