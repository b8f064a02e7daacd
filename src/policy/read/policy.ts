import type { Diagnostic } from '../diagnostic.ts';
import { isObject } from '../json.ts';
import { policySchema } from '../schema/policy-schema.ts';
import type { Located, PolicyFile } from '../syntax.ts';
import { readBrokenDocument, readDocument } from './document.ts';
import { duplicateIds } from './duplicate-ids.ts';
import { type SoundParts, soundParts } from './left-out.ts';
import { readList } from './lists.ts';
import { stemOf } from './named.ts';
import { entry, textOf } from './parts.ts';
import { readRoute } from './routes.ts';
import { readGrant, readRule } from './rules.ts';
import type { SiteFiles } from './site-files.ts';
import { readTest } from './tests.ts';
import { validate } from './validate.ts';

export interface ReadPolicy {
  /** Without the parts that have a fault (`leftOut`); `null` if the file is not a policy at all. */
  readonly file: PolicyFile | null;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads one policy: YAML, schema, then the parts with their places and the data of its lists. `path` is
 * relative to the site and becomes the name in messages, `content` is the file. Never throws.
 */
export const readPolicy = (path: string, content: string | Uint8Array, files: SiteFiles): ReadPolicy => {
  const { document, diagnostics } = readDocument(path, content);
  if (document === null) return { file: null, diagnostics };
  const validation = validate(document, policySchema());
  const told = [...diagnostics, ...validation.diagnostics];
  if (!isObject(document.value)) return { file: null, diagnostics: told };
  const understood = understand(path, soundParts(document, validation.faulty), files);
  const file = { ...understood.file, description: textOf(entry(document, 'description')) };
  return { file, diagnostics: [...told, ...understood.diagnostics] };
};

/** The parts that can be made out of a policy whose YAML is broken, for editors; `null` if none can. Never throws. */
export const readBrokenPolicy = (path: string, content: string, files: SiteFiles): PolicyFile | null => {
  const document = readBrokenDocument(path, content);
  if (document === null || !isObject(document.value)) return null;
  return understand(path, soundParts(document, validate(document, policySchema()).faulty), files).file;
};

const understand = (
  path: string,
  { sound, leftOut }: SoundParts,
  files: SiteFiles,
): { file: PolicyFile; diagnostics: readonly Diagnostic[] } => {
  const stem = stemOf(path);
  const section = (name: 'grants' | 'rules' | 'routes' | 'tests'): readonly Located[] => sound(name).map(([, part]) => part);
  const lists = sound('lists').map(([name, list]) => readList(name, list, files));
  const unread = lists.filter(({ diagnostics }) => diagnostics.length > 0);
  const file: PolicyFile = {
    path,
    stem,
    description: null,
    lists: lists.filter((list) => !unread.includes(list)).map(({ list }) => list),
    grants: section('grants').map((grant) => readGrant(grant, stem)),
    rules: section('rules').map((rule) => readRule(rule, stem)),
    routes: section('routes').map((route) => readRoute(route, stem)),
    tests: section('tests').flatMap(readTest),
    leftOut: [...leftOut, ...unread.map(({ list: { name } }) => ({ section: 'lists', name }) as const)],
  };
  return { file, diagnostics: [...unread.flatMap(({ diagnostics }) => diagnostics), ...duplicateIds(file)] };
};
