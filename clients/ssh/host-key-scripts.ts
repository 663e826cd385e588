/** Where a droplet keeps its own key until the switch is over, and the key that sshd reads. */
const STAGED = '/etc/ssh/clusterkit-host-key';
const SERVED = '/etc/ssh/ssh_host_ed25519_key';

/**
 * Makes the droplet's own key, unless that was done before, and prints its public half. On disk for
 * good before it is told: what is told is written down, and must never be lost on the other side.
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
 * Lets sshd show the droplet's own key. A copy takes the bootstrap key's place, so that the key can
 * be told again however often this is cut. A public half of another key would confuse sshd; none
 * does not. cloud-init's notes that it has set host keys are put on disk as well: without them it would
 * set the old one again after a power cut. Too many restarts in a row would leave sshd stopped, hence
 * the reset; and while the first boot restarts it, the directory that its own check wants may be gone.
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

/** Removes what only the switch needed. */
export const TIDY_UP = `rm -f ${STAGED} ${STAGED}.draft ${STAGED}.draft.pub; sync /etc/ssh`;
