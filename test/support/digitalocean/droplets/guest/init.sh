#!/bin/sh
# First program of a container that plays a droplet: what hypervisor and kernel do, then systemd.
ground=/var/lib/droplet

mount --make-rshared /
# /sys itself stays read-only: systemd then waits for no device units, which need udev.
awk '$5 ~ "^/sys/fs/cgroup" { print $5 }' /proc/self/mountinfo | while read -r point; do
  mount -o remount,bind,rw "$point"
done

# The kernel is the test machine's: what would reach beyond the container does not. Settings of the
# network are the container's own; those of memory can be written and change nothing.
mount --bind /dev/null /proc/sysrq-trigger
mkdir -p /run/settings/net /run/settings/vm
mount --bind /proc/sys/net /run/settings/net
cp -r /proc/sys/vm/. /run/settings/vm 2>/dev/null
mount --bind /proc/sys /proc/sys
mount -o remount,bind,ro /proc/sys
mount --bind /run/settings/net /proc/sys/net
mount --bind /run/settings/vm /proc/sys/vm
umount /run/settings/net
mount --bind "$ground/meminfo" /proc/meminfo

cat "$ground"/disks/* 2>/dev/null | while read -r letter minor name; do
  "$ground/plug" "$letter" "$minor" "$name"
done

# The firewall stands before the network is there. One nft holds it for as long as the droplet runs: a
# table with an owner can be changed by nobody else. By the @ systemd lets it live to the very end.
rm -f "$ground/firewall.fifo"
mkfifo -m 600 "$ground/firewall.fifo"
(
  exec 3<>"$ground/firewall.fifo"
  exec bash -c 'exec -a @firewall nft -i' <&3 >"$ground/firewall.log" 2>&1
) &
"$ground/firewall" || exit 1

if [ -s "$ground/refuse-ssh" ]; then
  "$ground/refuse" "$(cat "$ground/refuse-ssh")"
  rm "$ground/refuse-ssh"
fi

touch /run/droplet-closed
for _ in $(seq 600); do
  ip -4 -o address show dev eth0 2>/dev/null | grep -q . && break
  sleep 0.05
done
cat "$ground"/addresses/* 2>/dev/null | while read -r address; do
  ip address add "$address" dev eth0
done

exec /sbin/init
