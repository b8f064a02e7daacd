import type { Span } from './diagnostic.ts';
import type { Hook } from './hook.ts';
import type { Json } from './json.ts';

/**
 * A policy file as written: the shape the schema has vouched for, every part with its place. Nothing is
 * compiled yet, and names of facts, lists and grants have not been looked up.
 */
export interface PolicyFile {
  /** Path relative to the site, as messages show it: `rules/10-recipients.yaml`. */
  readonly path: string;
  /** `10-recipients`: first half of every full name. */
  readonly stem: string;
  readonly description: string | null;
  readonly lists: readonly ListSyntax[];
  readonly grants: readonly GrantSyntax[];
  readonly rules: readonly RuleSyntax[];
  readonly routes: readonly RouteSyntax[];
  readonly tests: readonly TestSyntax[];
  /** Parts with a fault, which was reported. A file that lacks any is checked, and never enforced. */
  readonly leftOut: readonly LeftOut[];
}

/** A part of a file that could not be understood. */
export interface LeftOut {
  readonly section: 'lists' | 'grants' | 'rules' | 'routes' | 'tests';
  /** Its id, or the name of the list; `null` if it has none, or if any part of the section may be missing. */
  readonly name: string | null;
}

/** Leads from a value to one of its parts: `['when', 0, 'client.ip']`. */
export type Path = readonly (string | number)[];

/** A value with its place and, for a mapping or a sequence, the places of its parts. */
export interface Located {
  readonly value: Json;
  readonly at: Span;
  /** Place of the key or value at `path` below this one (`['when', 0, 'client.ip']`); the nearest parent's if there is none. */
  readonly spanOf: (path: Path, part: 'key' | 'value') => Span;
  /** Place of the characters `start` to `end` of the text at `path`, also inside quotes and block scalars. */
  readonly within: (path: Path, range: { readonly start: number; readonly end: number }) => Span;
  /** What stands in the file at `path`, quotes included; as an entry with its key, and empty if its value stands elsewhere. */
  readonly sourceOf: (path: Path, part?: 'value' | 'entry') => string;
  /** The lines of the entry at `path`, line ends included; `null` if something else stands on them. */
  readonly linesOf: (path: Path) => Span | null;
  /** The part at `path` with its places; the nearest parent's if there is none. */
  readonly below: (path: Path) => Located;
}

export interface Named {
  readonly id: string;
  /** `<stem>/<id>` */
  readonly name: string;
  readonly at: Span;
  readonly idAt: Span;
}

export const LIST_TYPES = ['address', 'domain', 'cidr', 'string', 'glob', 'regex'] as const;
export type ListType = (typeof LIST_TYPES)[number];

export interface ListEntry {
  readonly text: string;
  readonly at: Span;
}

/** A list with its entries, read from the policy or from its file. */
export interface ListSyntax {
  readonly name: string;
  readonly type: ListType;
  readonly entries: readonly ListEntry[];
  /** Path relative to the site, when the entries stand in a file. */
  readonly file: string | null;
  readonly minEntries: number | null;
  /** Share from 0 to 1 of its entries that a reload may take away. */
  readonly maxShrink: number | null;
  readonly at: Span;
  readonly nameAt: Span;
}

export interface OperatorSyntax {
  readonly operator: string;
  readonly operand: Located;
  readonly at: Span;
}

export type ConditionSyntax =
  | { readonly kind: 'all' | 'any' | 'none'; readonly parts: readonly ConditionSyntax[]; readonly at: Span }
  | { readonly kind: 'not'; readonly part: ConditionSyntax; readonly at: Span }
  /** A scalar is `eq`, a sequence is `in`. All the operators hold. */
  | {
      readonly kind: 'fact';
      readonly fact: string;
      readonly operators: readonly OperatorSyntax[];
      readonly at: Span;
      readonly factAt: Span;
    };

export interface GrantSyntax extends Named {
  readonly untrustedRouting: boolean;
  readonly description: string | null;
  readonly when: ConditionSyntax;
  readonly unless: readonly ConditionSyntax[];
}

export interface ActionSyntax {
  readonly action: string;
  /** `null` where the action was written as a bare name. */
  readonly argument: Located;
  readonly at: Span;
}

export interface LimitSyntax {
  /** Names of facts. */
  readonly key: readonly { readonly fact: string; readonly at: Span }[];
  readonly count: 'connections' | 'messages' | 'recipients' | 'bytes';
  readonly max: number;
  /** Milliseconds. */
  readonly per: number;
  readonly at: Span;
}

export interface RuleSyntax extends Named {
  readonly description: string | null;
  readonly on: Hook;
  readonly onAt: Span;
  readonly group: string | null;
  readonly groupAt: Span | null;
  readonly when: ConditionSyntax | null;
  readonly unless: readonly ConditionSyntax[];
  readonly limit: LimitSyntax | null;
  readonly actions: readonly ActionSyntax[];
  readonly onUnknown: 'skip' | 'defer';
  readonly mode: 'enforce' | 'shadow';
  /** `YYYY-MM-DD`, only with shadow. */
  readonly expires: { readonly date: string; readonly at: Span } | null;
}

export interface RouteSyntax extends Named {
  readonly description: string | null;
  readonly when: ConditionSyntax | null;
  readonly unless: readonly ConditionSyntax[];
  readonly to: Located;
  /** `tls`, `auth`, `source_ip`, `helo`, `concurrency`, `recipients`, `eight_bit`, `rate` as written. */
  readonly options: Located;
}

/** One test that stands beside the rules (language page, section 9). */
export interface TestSyntax {
  readonly name: string;
  readonly given: Located;
  /** Path relative to the site. */
  readonly message: { readonly file: string; readonly at: Span } | null;
  readonly expect: TestExpectation;
  readonly at: Span;
}

export interface TestExpectation {
  readonly at: Hook | null;
  readonly verdict: string | null;
  readonly code: number | null;
  readonly enhanced: string | null;
  /** Part of the reply's text. */
  readonly text: string | null;
  /** `grants`, an id of this file or a full name. */
  readonly by: string | null;
  readonly byAt: Span;
  readonly codeAt: Span;
  /** Whether the connection is closed with the reply. */
  readonly disconnect: boolean | null;
  /** Target of the route that held. */
  readonly route: string | null;
  /** `result.<name>`, `tag`, `score`, headers added: everything else written under `expect`. */
  readonly more: Located;
}
