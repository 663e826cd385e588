import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** An attribute or nested block as the bindings, which are made from the real schema, know it. */
export interface BoundAttribute {
  readonly name: string;
  /** Undefined: nobody sets it, it is only computed. */
  readonly use: 'required' | 'optional' | undefined;
  /** As a Terraform type: `string`, `list` for sets too, `block` for nested blocks. */
  readonly type: string;
}

const require = createRequire(import.meta.url);

/**
 * What `@cdktf/provider-digitalocean` has of a resource.
 * @param folder such as `ssh-key`
 */
export async function boundAttributes(folder: string): Promise<readonly BoundAttribute[]> {
  const path = require.resolve(`@cdktf/provider-digitalocean/lib/${folder}/index.d.ts`);
  const text = await readFile(path, 'utf8');
  const className = folder === 'provider' ? 'DigitaloceanProvider' : pascal(folder);
  const config = body(text, `export interface ${className}Config `);
  const found = new Map<string, BoundAttribute>();
  for (const [, camel = '', question, type = ''] of config.matchAll(
    /readonly (\w+)(\?)?: ([^;]+);/g,
  )) {
    const use = question ? 'optional' : 'required';
    found.set(snake(camel), { name: snake(camel), use, type: terraformType(type) });
  }
  const outputs = body(text, `export declare class ${className} extends`);
  for (const [, camel = '', type = ''] of outputs.matchAll(/get (\w+)\(\): ([^;]+);/g)) {
    const name = snake(camel);
    if (camel.endsWith('Input') || found.has(name)) continue;
    found.set(name, { name, use: undefined, type: terraformType(type) });
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/** The names within a nested block, each with whether it is required. */
export async function boundBlock(
  folder: string,
  block: string,
): Promise<readonly BoundAttribute[]> {
  const path = require.resolve(`@cdktf/provider-digitalocean/lib/${folder}/index.d.ts`);
  const className = pascal(`${folder}-${block.replaceAll('_', '-')}`);
  const text = body(await readFile(path, 'utf8'), `export interface ${className} `);
  return [...text.matchAll(/readonly (\w+)(\?)?: ([^;]+);/g)]
    .map(([, camel = '', question, type = '']) => ({
      name: snake(camel),
      use: question ? ('optional' as const) : ('required' as const),
      type: terraformType(type),
    }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

function body(text: string, start: string): string {
  const from = text.indexOf(start);
  if (from < 0) throw new Error(`the bindings have no \`${start}\``);
  return text.slice(from, text.indexOf('\n}', from));
}

const pascal = (kebab: string) =>
  kebab.replace(/(^|-)(.)/g, (_all, _dash, letter: string) => letter.toUpperCase());

const DIGIT_NAMES = /(ipv4|ipv6)/gi;

/** `ipv4AddressPrivate` → `ipv4_address_private`. */
const snake = (camel: string) =>
  camel
    .replace(DIGIT_NAMES, (word) => (word[0] === 'I' ? '_' : '') + word.toLowerCase())
    .replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    .replace(/^_/, '');

function terraformType(type: string): string {
  const first = type.split(' | ')[0] ?? '';
  if (['string', 'number'].includes(first)) return first;
  if (first === 'boolean' || type === 'cdktf.IResolvable') return 'bool';
  if (/^(string|number)\[\]$/.test(first)) return 'list';
  return 'block';
}
