#!/bin/bash
# ask.sh PORT PATH [JSON]
#
# Sends an HTTP request to a program of this container (GET, or POST with a body) and prints the response.
# Exits with 1 unless the status is 200. For health checks, which run every few seconds: only Bash, because
# starting Node.js takes fifty times as long.
LC_ALL=C
port=$1 path=$2 body=${3-}
method=${body:+POST}

{ exec 3<>"/dev/tcp/127.0.0.1/$port"; } 2>/dev/null || {
  echo "nothing answers on port $port"
  exit 1
}
printf '%s %s HTTP/1.0\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s' \
  "${method:-GET}" "$path" "${#body}" "$body" >&3

# Reads the whole response, for at most 25 s.
IFS= read -r -d '' -t 25 -u 3 answer
(($? == 1)) || {
  echo "no answer from port $port within 25 s"
  exit 1
}
printf '%s' "${answer#*$'\r\n\r\n'}"
[[ $answer == 'HTTP/1.'?' 200 '* ]]
