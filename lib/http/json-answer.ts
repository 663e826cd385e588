import { NoAnswer } from './no-answer.js';

/** Deeper than anything that the kit asks for. What goes through a value needs no other limit then. */
const MAX_DEPTH = 100;

/** The JSON value of an answer. @throws NoAnswer when it is not JSON, or nested too deep */
export function jsonAnswer(text: string): unknown {
  if (isTooDeep(text)) throw new NoAnswer(`the answer is nested deeper than ${MAX_DEPTH} levels`);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new NoAnswer(`the answer is not JSON: ${text.slice(0, 80)}`, { cause });
  }
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const [mark] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[{]|[\]}]/gs)) {
    if (mark === '[' || mark === '{') depth += 1;
    else if (mark === ']' || mark === '}') depth -= 1;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}
