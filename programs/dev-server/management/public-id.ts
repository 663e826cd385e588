import type { Generation } from '../../../prisma/generation.js';

/** A project's id in answers: servers up to 1.6 know MySQL's separator only. */
export const publicId = (id: string, generation: Generation): string =>
  generation === 'A' ? id.replace('$', '@') : id;
