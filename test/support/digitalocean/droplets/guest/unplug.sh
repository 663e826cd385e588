#!/bin/sh
# Makes a disk disappear: letter of its device, volume's name.
while umount "/dev/sd$1" 2>/dev/null; do :; done
find -L /dev/disk -samefile "/dev/sd$1" -exec rm -f {} +
rm -f "/dev/sd$1" "/dev/disk/by-id/scsi-0DO_Volume_$2"
