import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { hasCode } from '../../../lib/errors.js';
import { misconfigured } from './engine-address.js';

/** The user's home as docker finds it. */
export const homeOf = (env: NodeJS.ProcessEnv): string => env.HOME || env.USERPROFILE || homedir();

/** Directory of docker's own configuration. */
export const configDirectory = (env: NodeJS.ProcessEnv): string =>
  resolve(env.DOCKER_CONFIG || join(homeOf(env), '.docker'));

/** A parsed JSON file of docker, and its path for errors. */
export interface JsonFile {
  readonly path: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/** Docker's `config.json`; empty when there is none. @throws KitError `engine-misconfigured` (exit 2) */
export async function readDockerConfig(env: NodeJS.ProcessEnv): Promise<JsonFile> {
  const path = join(configDirectory(env), 'config.json');
  return (await readJsonFile(path)) ?? { path, content: {} };
}

/**
 * Reads a JSON object. Errors never show its content, which may be secret.
 * @returns `undefined` when there is no such file
 * @throws KitError `engine-misconfigured` (exit 2)
 */
export async function readJsonFile(path: string): Promise<JsonFile | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw misconfigured(path, `docker's file cannot be read: ${reasonOf(error)}`, MEND);
  }
  if (text.trim() === '') return { path, content: {} };
  const content = parse(text);
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw misconfigured(path, "docker's file is no JSON object", MEND);
  }
  return { path, content: content as JsonFile['content'] };
}

const MEND = 'Correct or remove it; `docker info` shows whether docker can read it.';

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  if (hasCode(error, 'EACCES')) return 'this user may not read it';
  if (hasCode(error, 'ENOTDIR')) return 'what should be its directory is a file';
  if (hasCode(error, 'EISDIR')) return 'it is a directory';
  return (error as Error).message;
}

/** A text in a JSON file, or `undefined`. @throws KitError `engine-misconfigured` (exit 2) */
export function textIn({ path, content }: JsonFile, key: string): string | undefined {
  const value = content[key];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  throw misconfigured(path, `${key} is no text`, MEND);
}
