import { bundlePart } from './bundle-part.js';
import { createLoadDocker } from './engine-get.js';
import { enginePart } from './engine-part.js';
import { createChooseBase } from './image-base.js';
import { imagePart } from './image-part.js';
import { bundledImages } from './image-spec.js';
import type { Part } from './part.js';
import { providerPart } from './provider-part.js';
import type { SetupWorld } from './setup-world.js';
import { terraformPart } from './terraform-part.js';

/** Everything that a machine needs to run the kit, in order of dependence. */
export function setupParts(world: SetupWorld): Part[] {
  const loadDocker = createLoadDocker();
  const chooseBase = createChooseBase(world);
  return [
    terraformPart(world),
    enginePart(world, loadDocker),
    providerPart(world),
    bundlePart(world, 'dev-server'),
    bundlePart(world, 'gateway'),
    bundlePart(world, 'relay'),
    ...bundledImages(world.root, world.version).map((spec) =>
      imagePart(spec, world, loadDocker, chooseBase),
    ),
  ];
}
