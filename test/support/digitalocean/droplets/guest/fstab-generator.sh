#!/bin/sh
# systemd passes over the devices of fstab where it sees a container; a droplet's are mounted.
grep -v '^[[:space:]]*#' /etc/fstab | while read -r what where type options _; do
  case $what in
    UUID=*) what=/dev/disk/by-uuid/${what#UUID=} ;;
    /dev/*) ;;
    *) continue ;;
  esac
  case $where in /?*) ;; *) continue ;; esac
  unit=$(systemd-escape --path --suffix=mount "$where")
  printf '[Unit]\nSourcePath=/etc/fstab\nBefore=local-fs.target\n[Mount]\nWhat=%s\nWhere=%s\nType=%s\nOptions=%s\n' \
    "$what" "$where" "$type" "$options" >"$1/$unit"
  wanted=local-fs.target.requires
  case ",$options," in
    *,noauto,*) continue ;;
    *,nofail,*) wanted=local-fs.target.wants ;;
  esac
  mkdir -p "$1/$wanted"
  ln -sf "../$unit" "$1/$wanted/$unit"
done
