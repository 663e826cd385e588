# Completion of clusterkit for fish. Made by `clusterkit completion fish`; to have it always:
#   clusterkit completion fish > ~/.config/fish/completions/clusterkit.fish

# Where the command line stands: the command, how many arguments were given to it, and the first of them.
function __clusterkit_place
    set -l at ''
    set -l given 0
    set -l first ''
    set -l previous ''
    set -l words (commandline -opc)
    for word in $words[2..-1]
        if contains -- "$previous" @VALUE_OPTIONS@
            set previous ''
            continue
        end
        set previous ''
        if string match -q -- '-*' $word
            set previous $word
            continue
        end
        if contains -- "$at $word" @COMMANDS@
            set at (string trim -- "$at $word")
        else
            set given (math $given + 1)
            test -n "$first"; or set first $word
        end
    end
    echo "$at|$given|$first"
end

# Does the command line stand at command $argv[1], with as many arguments as $argv[2] says?
function __clusterkit_is
    string match -q -- "$argv[1]|$argv[2]|*" (__clusterkit_place)
end

function __clusterkit_names
    set -l words (commandline -opc)
    set -l files
    set -l previous ''
    for word in $words
        if contains -- "$previous" --registry --config
            set -a files $previous (string replace -r '^~' $HOME -- $word)
        end
        set previous $word
    end
    set -l cluster
    if test "$argv[1]" = apps
        set cluster (string split '|' -- (__clusterkit_place))[3]
    end
    $words[1] __complete-names $argv[1] $cluster $files 2>/dev/null
end

complete -c clusterkit -e
complete -c clusterkit -f
@LINES@
