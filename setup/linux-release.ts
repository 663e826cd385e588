/** What `/etc/os-release` says, as far as setup asks. */
export interface LinuxRelease {
  /** Such as `debian`, `ubuntu`, `fedora`; `linux` when it does not say. */
  readonly id: string;
  /** Such as `bookworm`; empty when it does not say. */
  readonly codename: string;
  /** For people, such as `Debian GNU/Linux 12 (bookworm)`. */
  readonly prettyName: string;
  /** `apt-get` knows the packages that setup asks for. */
  readonly hasDebianPackages: boolean;
}

/** Reads the text of `/etc/os-release`. */
export function parseLinuxRelease(text: string): LinuxRelease {
  const fields = new Map(
    text
      .split('\n')
      .map((line) => /^([A-Z_]+)=(?:"(.*)"|'(.*)'|(.*))$/.exec(line.trim()))
      .flatMap((match) =>
        match?.[1] === undefined ? [] : [[match[1], match[2] ?? match[3] ?? match[4] ?? '']],
      ) as [string, string][],
  );
  const id = fields.get('ID') ?? 'linux';
  return {
    id,
    codename: fields.get('VERSION_CODENAME') ?? '',
    prettyName: fields.get('PRETTY_NAME') ?? id,
    hasDebianPackages: id === 'debian' || id === 'ubuntu',
  };
}
