import type { Generation } from '../../../prisma/generation.js';

/** What a project is called in answers: servers up to 1.6 know MySQL's separator alone. */
export const toldId = (id: string, generation: Generation): string =>
  generation === 'A' ? id.replace('$', '@') : id;
