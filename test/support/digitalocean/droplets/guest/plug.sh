#!/bin/sh
# Makes a disk appear: letter of its device, minor number of the loop device behind it, volume's name.
mkdir -p /dev/disk/by-id /dev/disk/by-uuid
mknod -m 660 "/dev/sd$1" b 7 "$2"
ln -sfn "../../sd$1" "/dev/disk/by-id/scsi-0DO_Volume_$3"
uuid=$(blkid -p -s UUID -o value "/dev/sd$1") && ln -sfn "../../sd$1" "/dev/disk/by-uuid/$uuid"
true
