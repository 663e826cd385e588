#!/bin/sh
# Waits until the firewall stands: the network may come.
for _ in $(seq 600); do
  [ -e /run/droplet-closed ] && exit 0
  sleep 0.05
done
exit 1
