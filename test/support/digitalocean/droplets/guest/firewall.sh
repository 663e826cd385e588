#!/bin/sh
# Puts the rules in firewall.nft into force and sees that they are.
cd /var/lib/droplet || exit 1
generation=$(sed -n 's/^ *comment "\(.*\)"$/\1/p' firewall.nft)
echo 'include "/var/lib/droplet/firewall.nft"' >firewall.fifo
for _ in $(seq 100); do
  nft list table inet digitalocean 2>/dev/null | grep -qF "comment \"$generation\"" && exit 0
  sleep 0.05
done
cat firewall.log
exit 1
