#!/bin/bash
# Healthy means: Caddy serves what the kit wrote for it. What stands behind has a health check of its own.
exec 3<>"/dev/tcp/127.0.0.1/${CADDY_HEALTH_PORT:-2020}" || exit 1
printf 'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' >&3
read -r -t 4 status <&3
[[ $status == 'HTTP/1.1 200'* ]]
