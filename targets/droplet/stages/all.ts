import { registerStage } from '../../common/stages/register.js';
import { releaseStage } from '../../common/stages/release.js';
import { releaseDatabaseStage } from '../../common/stages/release-database.js';
import type { Stage } from '../../common/stages/stage.js';
import { dropDatabaseStage } from './drop-database.js';
import { forgetDropletStage } from './forget.js';
import { installStage } from './install.js';
import { managedDatabaseStage } from './managed-database.js';
import { sweepDropletStage } from './sweep.js';

/** The stages that Terraform runs for clusters on this target: the only list. */
export const STAGES: readonly Stage[] = [
  sweepDropletStage,
  managedDatabaseStage,
  installStage,
  registerStage,
  releaseStage,
  releaseDatabaseStage,
  dropDatabaseStage,
  forgetDropletStage,
];
