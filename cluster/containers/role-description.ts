import type { ContainerDescription } from './container-description.js';

/** What one role has that others have not; the configuration volume is mounted for all. */
export type RoleDescription = Pick<
  ContainerDescription,
  'image' | 'memoryMb' | 'stopGraceSeconds' | 'entrypoint' | 'command' | 'shmMb' | 'health'
> &
  Partial<Pick<ContainerDescription, 'environment' | 'mounts' | 'ports'>>;
