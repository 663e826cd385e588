/**
 * Path of the droplet's own key until the switch is complete, and path of the key that sshd reads.
 */
const STAGED = '/etc/ssh/clusterkit-host-key';
const SERVED = '/etc/ssh/ssh_host_ed25519_key';

/**
 * Makes the droplet's own key, unless it exists, and prints its public half. Syncs the key to disk
 * before printing it: this machine records the printed key, so the droplet must never lose it.
 */
export const MAKE_KEY = `
umask 077
if ! ssh-keygen -y -P '' -f ${STAGED} >/dev/null 2>&1; then
  rm -f ${STAGED} ${STAGED}.draft ${STAGED}.draft.pub
  ssh-keygen -q -t ed25519 -N '' -C '' -f ${STAGED}.draft
  sync ${STAGED}.draft
  mv ${STAGED}.draft ${STAGED}
  rm -f ${STAGED}.draft.pub
fi
sync ${STAGED} /etc/ssh
ssh-keygen -y -P '' -f ${STAGED}`;

/**
 * Makes sshd use the droplet's own key. The key is copied over the bootstrap key, so that an
 * interrupted run can print it again. A public half that does not match would confuse sshd, so it
 * is removed first. cloud-init's markers are synced as well: without them it would restore the old
 * key after a power cut. The failure counter is reset, because too many restarts in a row stop
 * sshd; and while the first boot restarts sshd, the directory that its configuration test needs may
 * be missing.
 */
export const SERVE_KEY = `
umask 077
find -L /var/lib/cloud/instance/sem -exec sync {} + 2>/dev/null || true
cp ${STAGED} ${SERVED}.draft
sync ${SERVED}.draft
rm -f ${SERVED}.pub
mv ${SERVED}.draft ${SERVED}
ssh-keygen -y -P '' -f ${SERVED} >${SERVED}.pub
chmod 644 ${SERVED}.pub
sync ${SERVED}.pub /etc/ssh
is_sound() {
  [ -d /run/sshd ] || mkdir -m 755 /run/sshd
  "$(command -v sshd || echo /usr/sbin/sshd)" -t
}
is_sound || { sleep 1; is_sound; }
for unit in ssh.service sshd.service; do
  systemctl is-active --quiet $unit || continue
  systemctl reset-failed $unit
  systemctl restart $unit
  exit
done
kill -HUP "$(cat /run/sshd.pid)"`;

/** Removes the files of the switch. */
export const TIDY_UP = `rm -f ${STAGED} ${STAGED}.draft ${STAGED}.draft.pub; sync /etc/ssh`;
