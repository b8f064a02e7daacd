import type { Diagnostic } from '../diagnostic.ts';
import { policySchema } from '../schema/policy-schema.ts';
import type { Located, PolicyFile } from '../syntax.ts';
import { readDocument } from './document.ts';
import { duplicateIds } from './duplicate-ids.ts';
import { readList } from './lists.ts';
import { stemOf } from './named.ts';
import { elements, entries, entry, textOf } from './parts.ts';
import { readRoute } from './routes.ts';
import { readGrant, readRule } from './rules.ts';
import type { SiteFiles } from './site-files.ts';
import { readTest } from './tests.ts';
import { validate } from './validate.ts';

export interface ReadPolicy {
  /** `null` if anything stands in the way of understanding the file. */
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
  const faults = validate(document, policySchema());
  if (faults.length > 0) return { file: null, diagnostics: [...diagnostics, ...faults] };
  const understood = understand(path, document, files);
  return { file: understood.file, diagnostics: [...diagnostics, ...understood.diagnostics] };
};

const understand = (path: string, document: Located, files: SiteFiles): ReadPolicy => {
  const stem = stemOf(path);
  const section = (name: string): readonly Located[] => {
    const part = entry(document, name);
    return part === null ? [] : elements(part);
  };
  const written = entry(document, 'lists');
  const lists = written === null ? [] : entries(written).map(([name, list]) => readList(name, list, files));
  const file: PolicyFile = {
    path,
    stem,
    description: textOf(entry(document, 'description')),
    lists: lists.map(({ list }) => list),
    grants: section('grants').map((grant) => readGrant(grant, stem)),
    rules: section('rules').map((rule) => readRule(rule, stem)),
    routes: section('routes').map((route) => readRoute(route, stem)),
    tests: section('tests').map(readTest),
  };
  const diagnostics = [...lists.flatMap((list) => list.diagnostics), ...duplicateIds(file)];
  return { file: diagnostics.length > 0 ? null : file, diagnostics };
};
