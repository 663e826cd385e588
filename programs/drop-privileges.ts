/** The user `nobody`, who owns nothing. */
const UNPRIVILEGED_ID = 65_534;

/** Continues as `nobody`, once the program has read what only root may read. */
export function dropPrivileges({ getuid, setgroups, setgid, setuid }: NodeJS.Process): void {
  if (getuid?.() !== 0) return;
  setgroups?.([]);
  setgid?.(UNPRIVILEGED_ID);
  setuid?.(UNPRIVILEGED_ID);
}
