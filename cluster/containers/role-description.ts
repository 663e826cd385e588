import type { ContainerDescription } from './container-description.js';

/** What is specific to one role; every container also mounts the configuration volume. */
export type RoleDescription = Pick<
  ContainerDescription,
  'image' | 'memoryMb' | 'stopGraceSeconds' | 'entrypoint' | 'command' | 'shmMb' | 'health'
> &
  Partial<Pick<ContainerDescription, 'environment' | 'mounts' | 'ports'>>;
