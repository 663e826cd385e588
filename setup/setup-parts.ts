import { bundlePart } from './bundle-part.js';
import { setupEngine } from './engine-get.js';
import { enginePart } from './engine-part.js';
import { createChooseBase } from './image-base.js';
import { imagePart } from './image-part.js';
import { bundledImages } from './image-spec.js';
import { packagesPart } from './packages-part.js';
import type { Part, SetupContext } from './part.js';
import { providerPart } from './provider-part.js';
import { terraformPart } from './terraform-part.js';

/** Everything that a machine needs to run the kit, in order of dependence. */
export function setupParts(context: SetupContext): Part[] {
  const engine = setupEngine(context.env);
  const chooseBase = createChooseBase(context);
  return [
    terraformPart(context),
    enginePart(context, engine),
    providerPart(context),
    bundlePart(context, 'dev-server'),
    bundlePart(context, 'gateway'),
    bundlePart(context, 'relay'),
    bundlePart(context, 'activator'),
    bundlePart(context, 'waker'),
    packagesPart(context, 'functions'),
    ...bundledImages(context.root, context.version).map((spec) =>
      imagePart(spec, context, engine, chooseBase),
    ),
  ];
}
