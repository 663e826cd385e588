import { z } from 'zod';
import type { World } from '../world.js';

/** What a tag may be called. */
export const tagName = z
  .string()
  .max(255)
  .regex(/^[a-zA-Z0-9_\-:]+$/, 'tag name contains invalid characters');

/** Tags as they stand in a request. */
export const tagNames = z.array(tagName);

/** Makes the tags that are not there yet: they outlive what carries them. */
export function rememberTags(world: World, names: Iterable<string>): void {
  for (const name of names) world.state.tags.add(name);
}
