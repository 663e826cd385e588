import { Option } from 'commander';

/** The options that every verb takes. */
export const sharedOptions = (): Option[] => [
  new Option('--json', 'print one JSON value on stdout'),
  new Option('--config <file>', 'file with the clusters (default: clusters.yml)'),
  new Option('--registry <file>', 'registry to use (default: ~/.prisma/config.yml)'),
  new Option('--yes', 'ask no questions'),
  new Option('--verbose', 'report details on stderr'),
];
