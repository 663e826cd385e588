import type { DoctorFacts } from '../../registry/doctor/doctor-facts.js';
import { keyStatesOf } from '../../registry/doctor/key-state.js';
import { parseRegistry } from '../../registry/file/parse-registry.js';
import { registryOf } from '../../registry/file/read-registry.js';

/** Facts of a registry that is well; `text` is what stands in it. */
export function doctorFacts(text: string, custom: Partial<DoctorFacts> = {}): DoctorFacts {
  const owned = custom.owned ?? new Map();
  const registry = registryOf('/r/config.yml', parseRegistry(text, '/r/config.yml'), {
    owned,
    retired: new Map(),
  });
  return {
    path: '/r/config.yml',
    file: '/r/config.yml',
    content: { state: 'sound', registry },
    keys: keyStatesOf(registry, custom.env ?? {}),
    owned,
    modes: [],
    lock: { path: '/r/config.yml.lock', state: 'none' },
    temporaries: [],
    backups: { path: '/r/backups', count: 0 },
    env: {},
    ...custom,
  };
}
