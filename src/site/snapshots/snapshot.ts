import { deserialize, serialize } from 'node:v8';
import { type PlainPart, type PolicyPart, partsOf, plainPart, revivedPart } from '../../policy/compile/outline.ts';
import type { Policy } from '../../policy/compile/policy.ts';
import { compiling } from '../../policy/compile/policy.ts';
import type { ListTables, Membership } from '../../policy/definition.ts';
import { compileEntries, FEW_ENTRIES } from '../../policy/lists/compile.ts';
import { lists as listTypes } from '../../policy/lists/index.ts';
import { joinLists } from '../../policy/lists/join.ts';
import type { ListType } from '../../policy/syntax.ts';
import type { RelayConfig } from '../config/config.ts';
import type { Secrets } from '../files/secrets.ts';
import type { Site } from '../loading/load.ts';

/*
 * What goes from where a site was read, checked and tested to where it is served: another process.
 * Nobody reads the site's files a second time, so no two can have read different ones. It comes in blobs:
 * slices of rules, each taken apart and compiled in a few milliseconds, and the tables of lists, used as they are.
 */

/** A list in tables; `blobs` are their numbers. */
interface PackedList {
  readonly name: string;
  readonly type: ListType;
  readonly size: number;
  readonly tables: readonly { readonly holds: 'bytes' | 'integers'; readonly blob: number }[];
}

/** Entries of a list that has no tables, or is so small that it needs none. */
interface ListSlice {
  readonly name: string;
  readonly type: ListType;
  readonly entries: readonly string[];
}

export interface SnapshotHead {
  readonly config: RelayConfig;
  readonly version: string;
  readonly secrets: Secrets;
  readonly lists: readonly PackedList[];
  /** The first blobs are slices of lists, those behind them slices of rules, the rest tables. */
  readonly listSlices: number;
  readonly ruleSlices: number;
}

/** Everything a relay serves by. Each blob has a buffer of its own. */
export interface SiteSnapshot {
  readonly head: SnapshotHead;
  readonly blobs: readonly Uint8Array[];
}

/** What was read and understood. */
export interface Material {
  readonly config: RelayConfig;
  readonly policy: Policy;
  readonly secrets: Secrets;
}

const RULES_A_SLICE = 50;
const ENTRIES_A_SLICE = 50;

const blobOf = (value: unknown): Uint8Array => new Uint8Array(serialize(value));

/** The bytes alone: a table may be a view of a larger buffer. */
const bytesOf = (table: Uint8Array | Int32Array): Uint8Array =>
  table.byteLength === table.buffer.byteLength
    ? new Uint8Array(table.buffer)
    : new Uint8Array(table.buffer, table.byteOffset, table.byteLength).slice();

function* slicesOf<T>(items: Iterable<T>, length: number): Generator<readonly T[]> {
  let slice: T[] = [];
  for (const item of items) {
    slice.push(item);
    if (slice.length < length) continue;
    yield slice;
    slice = [];
  }
  if (slice.length > 0) yield slice;
}

function* plainParts(files: Site['files']): Generator<PlainPart> {
  for (const part of partsOf(files)) yield plainPart(part);
}

const isPacked = ({ tables, size }: Membership): boolean => tables !== undefined && size > FEW_ENTRIES;

/** A snapshot of the site. Takes the tables of its lists along: once it is transferred, the site can no longer be used. */
export const snapshotOf = ({ config, policy, files, secrets }: Site): SiteSnapshot => {
  const written = new Map(files.flatMap((file) => file.lists.map((list) => [list.name, list])));
  const entries = [...written.values()].filter(
    ({ name }) => !isPacked(policy.lists.get(name) ?? { type: 'string', size: 0, has: () => false }),
  );
  const listSlices = entries.flatMap(({ name, type, entries: all }) => {
    const slices = [...slicesOf(all, ENTRIES_A_SLICE)];
    const texts = slices.map((slice) => slice.map(({ text }) => text));
    return (texts.length === 0 ? [[]] : texts).map((slice): Uint8Array => blobOf({ name, type, entries: slice } satisfies ListSlice));
  });
  const ruleSlices = [...slicesOf(plainParts(files), RULES_A_SLICE)].map(blobOf);
  const blobs = [...listSlices, ...ruleSlices];
  const lists = [...policy.lists].flatMap(([name, list]): PackedList | readonly [] => {
    if (!isPacked(list)) return [];
    const tables = (list.tables ?? []).map((table) => {
      blobs.push(bytesOf(table));
      return { holds: table instanceof Int32Array ? 'integers' : 'bytes', blob: blobs.length - 1 } as const;
    });
    return { name, type: list.type, size: list.size, tables };
  });
  const head = { config, version: policy.version, secrets, lists, listSlices: listSlices.length, ruleSlices: ruleSlices.length };
  return { head, blobs };
};

const blobAt = (blobs: SiteSnapshot['blobs'], at: number): Uint8Array => {
  const blob = blobs[at];
  if (!blob) throw new Error('a part of the snapshot is missing');
  return blob;
};

const openPacked = ({ name, type, size, tables }: PackedList, blobs: SiteSnapshot['blobs']): Membership => {
  const open = listTypes.get(type)?.open;
  if (!open) throw new Error(`list ${name} of type ${type} has no tables`);
  const opened: ListTables = tables.map(({ holds, blob }) => {
    const bytes = blobAt(blobs, blob);
    return holds === 'bytes' ? bytes : new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  });
  return open(opened, size);
};

const compileSlice = ({ name, type, entries }: ListSlice): Membership => {
  const definition = listTypes.get(type);
  if (!definition) throw new Error(`there is no list type ${type}`);
  const { membership, faults } = compileEntries(definition, entries);
  if (faults[0]) throw new Error(`list ${name}: ${faults[0].message}`);
  return membership;
};

function* openLists({ head, blobs }: SiteSnapshot): Generator<void, ReadonlyMap<string, Membership>> {
  const lists = new Map<string, Membership>();
  for (const packed of head.lists) lists.set(packed.name, openPacked(packed, blobs));
  const slices = new Map<string, Membership[]>();
  for (let at = 0; at < head.listSlices; at++) {
    const slice: ListSlice = deserialize(blobAt(blobs, at));
    slices.set(slice.name, [...(slices.get(slice.name) ?? []), compileSlice(slice)]);
    yield;
  }
  for (const [name, parts] of slices) lists.set(name, joinLists(parts));
  return lists;
}

function* openParts({ head, blobs }: SiteSnapshot): Generator<PolicyPart> {
  for (let at = head.listSlices; at < head.listSlices + head.ruleSlices; at++) {
    const slice: readonly PlainPart[] = deserialize(blobAt(blobs, at));
    yield* slice.map(revivedPart);
  }
}

/** Compiles what was found right elsewhere, a few milliseconds a step at most. Throws if it turns out not to be. */
export function* openingSnapshot(snapshot: SiteSnapshot): Generator<void, Material> {
  const { config, version, secrets } = snapshot.head;
  const lists = yield* openLists(snapshot);
  const { policy, diagnostics } = yield* compiling({ version, lists, parts: openParts(snapshot) });
  if (!policy) throw new Error(`the policy that was read does not compile again: ${diagnostics[0]?.message ?? 'no reason given'}`);
  return { config, policy, secrets };
}
