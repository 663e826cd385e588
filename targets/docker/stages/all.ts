import { registerStage } from '../../common/stages/register.js';
import { releaseDatabaseStage } from '../../common/stages/release-database.js';
import type { Stage } from '../../common/stages/stage.js';
import { awaitDatabaseStage } from './await-database.js';
import { configureStage } from './configure.js';
import { forgetStage } from './forget.js';
import { releaseStage } from './release.js';
import { sweepStage } from './sweep.js';

/** The stages that Terraform runs for clusters on this target: the only list. */
export const STAGES: readonly Stage[] = [
  sweepStage,
  configureStage,
  awaitDatabaseStage,
  registerStage,
  releaseStage,
  releaseDatabaseStage,
  forgetStage,
];
