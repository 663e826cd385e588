import Docker from 'dockerode';
import { bundlePart } from './bundle-part.js';
import { enginePart } from './engine-part.js';
import { createChooseBase } from './image-base.js';
import { imagePart } from './image-part.js';
import { bundledImages } from './image-spec.js';
import type { Part } from './part.js';
import { providerPart } from './provider-part.js';
import type { SetupWorld } from './setup-world.js';
import { terraformPart } from './terraform-part.js';

/** Everything that a machine needs to run the kit, in the order in which one needs another. */
export function setupParts(world: SetupWorld): Part[] {
  const docker = new Docker();
  const chooseBase = createChooseBase(world, docker);
  return [
    terraformPart(world),
    enginePart(world),
    providerPart(world),
    bundlePart(world),
    ...bundledImages(world.root, world.version).map((spec) =>
      imagePart(spec, world, docker, chooseBase),
    ),
  ];
}
