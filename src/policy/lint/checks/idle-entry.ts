import type { Possible, ValueType } from '../../definition.ts';
import type { Diagnostic, Fix, Span } from '../../diagnostic.ts';
import { diagnose, type Finding } from '../../diagnostic-codes.ts';
import { compileEntries } from '../../lists/compile.ts';
import { lists as listTypes } from '../../lists/index.ts';
import type { ListEntry, ListSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';
import { listAsked, type OperatorUse } from '../operator-uses.ts';
import { type Advice, revalued, rewritten } from '../rewritten.ts';
import { apart, repaired } from '../values/advice.ts';
import { type Reasoning, reasoningOf } from '../values/reasoning.ts';
import { maySuit } from '../values/suits.ts';

export const idleEntry: LintCheck = {
  name: 'idle-entry',
  codes: ['RLY4016'],
  doc: 'Every entry of a list can match a fact that is looked up in it.',
  avoid: `
lists:
  ours: { type: address, values: ["ann@example.com,bob@example.com", "*@example.org"] }
  programs: { type: string, values: [.exe, scr] }
rules:
  - { id: a, on: rcpt, when: { recipient.address: { in: ours } }, then: accept }
  - { id: b, on: data_post, when: { attachment: { any: { extension: { in: programs } } } }, then: reject }
`,
  prefer: `
lists:
  ours: { type: address, values: [ann@example.com, bob@example.com, "@example.org"] }
  programs: { type: string, values: [exe, scr] }
rules:
  - { id: a, on: rcpt, when: { recipient.address: { in: ours } }, then: accept }
  - { id: b, on: data_post, when: { attachment: { any: { extension: { in: programs } } } }, then: reject }
`,
  check: (site) => {
    // A part with a fault may use the list too.
    if (site.mayMiss('rules') || site.mayMiss('grants') || site.mayMiss('routes')) return [];
    const reasoning = reasoningOf(site);
    const askers = new Map<string, Map<string, Asker>>();
    for (const use of reasoning.uses) note(askers, use);
    return [...reasoning.named.values()].flatMap((list) => checkList(list, [...(askers.get(list.name)?.values() ?? [])], reasoning));
  },
};

/** What is looked up in a list. */
interface Asker {
  readonly type: ValueType;
  readonly possible: Possible | undefined;
}

const note = (askers: Map<string, Map<string, Asker>>, use: OperatorUse): void => {
  const name = listAsked(use);
  if (name === null) return;
  const known = askers.get(name) ?? new Map<string, Asker>();
  known.set(use.subject, use);
  askers.set(name, known);
};

/** How often the same mistake is reported per list. */
const MOST_TOLD = 20;

/** Longer lists are written by programs, and their further entries are not checked. */
const MOST_READ = 20_000;

const checkList = (list: ListSyntax, askers: readonly Asker[], reasoning: Reasoning): readonly Diagnostic[] => {
  if (askers.length === 0 || !askers.every(({ type }) => type.lists.includes(list.type))) return [];
  const found: Diagnostic[] = [];
  for (const entry of list.entries.slice(0, MOST_READ)) {
    const one = checkEntry(list, entry, { askers, reasoning });
    if (one !== null) found.push(one);
    if (found.length >= MOST_TOLD) break;
  }
  return found;
};

interface Asked {
  readonly askers: readonly Asker[];
  readonly reasoning: Reasoning;
}

const checkEntry = (list: ListSyntax, { text, at }: ListEntry, { askers, reasoning }: Asked): Diagnostic | null => {
  if (list.type === 'address' && text.includes('*')) return diagnose('RLY4016', at, starred(list, text, at));
  if (askers.some((asker) => suits(list, text, { asker, reasoning }))) return null;
  const [asker] = askers;
  if (asker === undefined) return null;
  return diagnose('RLY4016', at, {
    message: `${text} in the list ${list.name} never matches`,
    ...advice(list, { text, at }, { asker, reasoning }),
  });
};

const starred = (list: ListSyntax, text: string, at: Span): Finding => {
  const domain = /^\*(@[^*]+)$/.exec(text)?.[1];
  const local = /^([^*]+@)\*$/.exec(text)?.[1];
  const instead = domain ?? local;
  return {
    message: `${text} in the list ${list.name} is taken as written, * included`,
    help: instead === undefined ? 'Make it a list of type glob.' : `Write ${JSON.stringify(instead)}, or make it a list of type glob.`,
    fixes: instead === undefined ? [] : entryAs(list, at, instead),
  };
};

interface Pair {
  readonly asker: Asker;
  readonly reasoning: Reasoning;
}

/** Whether the entry alone could hold a value of the asker; `true` in doubt. */
const suits = (list: ListSyntax, text: string, { asker, reasoning }: Pair): boolean => {
  const definition = listTypes.get(list.type);
  if (definition === undefined) return true;
  const [only, ...others] = definition.means?.(text, asker.type) ?? [];
  if (only?.means === 'value' && others.length === 0 && asker.type.aliases === undefined)
    return maySuit(asker.possible, reasoning)({ operator: 'eq', operand: only.value, type: asker.type });
  if (list.entries.length > MOST_COMPILED) return true;
  const { membership, faults } = compileEntries(definition, [text]);
  if (faults.length > 0) return true;
  return maySuit(asker.possible, { ...reasoning, lists: new Map([[ENTRY, membership]]) })({
    operator: 'in',
    operand: ENTRY,
    type: asker.type,
  });
};

const ENTRY = 'entry';

const MOST_COMPILED = 256;

/** Another text for an entry; a list file has no quotes. */
const entryAs = (list: ListSyntax, at: Span, text: string): readonly Fix[] =>
  list.file === null ? revalued(at, text) : [rewritten(at, text)];

const advice = (list: ListSyntax, { text, at }: ListEntry, pair: Pair): Advice => {
  const suitable = ({ operand }: { readonly operand: unknown }): boolean =>
    isEntry(list, String(operand)) && suits(list, String(operand), pair);
  const leaf = { operator: 'eq', operand: text, type: pair.asker.type };
  const parts = apart(leaf, suitable);
  if (parts !== null) {
    const fixes = list.file === null ? [] : [{ ...rewritten(at, parts.join('\n')), title: 'Write each on a line of its own' }];
    return { help: `Write each as a separate entry: ${parts.join(' and ')}.`, fixes };
  }
  const instead = repaired(leaf, suitable);
  if (instead !== null) return { help: `Write ${instead}.`, fixes: entryAs(list, at, instead) };
  if (/^\/.*\/[a-z]*$/.test(text))
    return { help: 'For regular expressions, make it a list of type regex and leave the slashes out.', fixes: [] };
  return { help: listTypes.get(list.type)?.doc ?? pair.asker.type.doc, fixes: [] };
};

const isEntry = (list: ListSyntax, text: string): boolean => listTypes.get(list.type)?.compile([text]).faults.length === 0;
