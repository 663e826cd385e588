import { stripVTControlCharacters } from 'node:util';

/** The builder's own lines between the output of the commands. */
const BUILDER_TALK = /^(Step \d+\/\d+ :|Removing intermediate container| --->|Successfully )/;
const STEP = /^Step \d+\/\d+ : (.*)$/;
const IMAGE = /^ ---> ([0-9a-f]{12,64})$/;
const LONGEST_LINE = 200;
const TAIL_LINES = 30;

/** What the output of a build says. */
export interface BuildOutput {
  /** Receives the output line by line. */
  add(line: string): void;
  /** The instruction that began last. @default - none began */
  lastStep(): string | undefined;
  /** The last lines that commands wrote. */
  tail(): readonly string[];
  /** Of each stage that made an image of its own: the id of its last one, shortened by the builder. */
  stages(): readonly string[];
}

/** Reads the output of a build. */
export function readBuildOutput(): BuildOutput {
  const tail: string[] = [];
  const stages: (string | undefined)[] = [];
  let step: string | undefined;
  return {
    add(line) {
      const begun = STEP.exec(line)?.[1];
      if (begun !== undefined) {
        step = begun;
        if (isFrom(begun)) stages.push(undefined);
      }
      const image = IMAGE.exec(line)?.[1];
      // What follows `FROM` is the base image, which is not of this build.
      if (image !== undefined && step !== undefined && !isFrom(step))
        stages[stages.length - 1] = image;
      const words = withoutColour(line);
      if (words === '' || BUILDER_TALK.test(words)) return;
      tail.push(words.slice(0, LONGEST_LINE));
      if (tail.length > TAIL_LINES) tail.shift();
    },
    lastStep: () => step,
    tail: () => tail,
    stages: () => stages.filter((id) => id !== undefined),
  };
}

/** Does an instruction begin a stage? */
export const isFrom = (step: string): boolean => /^FROM\s/i.test(step);

/** A line without colours: the builder makes what commands write to their error output red. */
export const withoutColour = (line: string): string => stripVTControlCharacters(line).trimEnd();
