import type {
  ExplainedHook,
  ExplainedOutcome,
  ExplainedRegrant,
  ExplainedRule,
  ExplainedVerdict,
  Explanation,
} from '../../site/explain/explanation.ts';
import { missingGrants } from '../../site/explain/nearest-grant.ts';
import { type Paint, painter } from '../terminal/style.ts';
import { effectText } from './effect-text.ts';

export interface ExplanationStyle {
  readonly color: boolean;
  /** Shows every rule, not only those that held, may have held or were skipped. */
  readonly all: boolean;
}

const RESULT_STYLE = { true: 'green', false: 'gray', unknown: 'yellow', skipped: 'gray', 'not reached': 'gray' } as const;

/** Worth showing without being asked for. */
const TELLING: ReadonlySet<ExplainedRule['result']> = new Set(['true', 'unknown', 'skipped']);

class Renderer {
  readonly #paint: Paint;
  readonly #all: boolean;
  #left = 0;

  constructor({ color, all }: ExplanationStyle) {
    this.#paint = painter(color);
    this.#all = all;
  }

  /** Of rules that `hooks` did not show. */
  get leftOut(): readonly string[] {
    return this.#left === 0 ? [] : [`${this.#left} rules that did not hold are left out: --all shows them`];
  }

  hooks(explanation: Explanation): readonly string[] {
    return explanation.hooks.flatMap((explained) => this.#hook(explained));
  }

  outcome({ verdict: kind, at, by, code, enhanced, text }: ExplainedOutcome): string {
    return `${this.#paint('bold', 'outcome')}  ${kind} at ${at}${by === '' ? '' : ` by ${by}`}: ${code} ${enhanced} ${text}`;
  }

  assumed({ assumed }: Explanation): readonly string[] {
    return assumed.map((one) => `${this.#paint('yellow', 'assumed')}  ${one}`);
  }

  #hook(explained: ExplainedHook): readonly string[] {
    const { hook, recipient, effects = [], regrants = [], verdict: found } = explained;
    const inside = [
      ...this.#rules(explained.rules),
      ...regrants.flatMap((one) => this.#regrant(one)),
      ...effects.map((effect) => `  ${this.#paint('cyan', effectText(effect))} by ${effect.by}`),
    ];
    const isQuiet = found.kind === 'none' && explained.route === undefined;
    if (inside.length === 0 && (isQuiet || explained.rules.length === 0)) return [];
    const decided = isQuiet && !this.#all ? [] : [this.#decided(explained)];
    return [this.#paint('bold', recipient === undefined ? hook : `${hook} ${recipient}`), ...inside, ...decided, ''];
  }

  #rules(rules: readonly ExplainedRule[]): readonly string[] {
    const shown = this.#all ? rules : rules.filter(({ result }) => TELLING.has(result));
    this.#left += rules.length - shown.length;
    return shown.flatMap((one) => this.#rule(one));
  }

  #rule({ id, result, why }: ExplainedRule): readonly string[] {
    return [
      `  ${this.#paint(RESULT_STYLE[result], result.padEnd(11))} ${id}`,
      ...why.map((reason) => `              ${this.#paint('gray', reason)}`),
    ];
  }

  #regrant({ address, rules }: ExplainedRegrant): readonly string[] {
    return [`  a grant for ${address}, which a rule produced`, ...this.#rules(rules)];
  }

  /** A route is no verdict, but what `get_mx` is for. */
  #decided({ route, verdict: found }: ExplainedHook): string {
    return route === undefined ? this.#verdict(found) : `  ${this.#paint('green', `=> route ${route.to}`)} by ${route.id}`;
  }

  #verdict({ kind, by = '', code, enhanced, text }: ExplainedVerdict): string {
    if (kind === 'none') return '  => nothing decided';
    const reply = code === undefined ? '' : `: ${code} ${enhanced} ${text}`;
    const style = kind === 'reject' || kind === 'disconnect' ? 'red' : kind === 'accept' ? 'green' : 'yellow';
    return `  ${this.#paint(style, `=> ${kind}`)} by ${by}${reply}`;
  }
}

const said = ({ verdict: kind, by, code, enhanced, text }: Omit<ExplainedOutcome, 'at'>): string =>
  `${kind}${by === '' ? '' : ` by ${by}`}: ${code} ${enhanced} ${text}`;

/** Each recipient's own, where they differ. */
const recipients = ({ recipients: fates }: Explanation): readonly string[] =>
  fates.every(({ verdict: kind, code, text }) => kind === fates[0]?.verdict && code === fates[0]?.code && text === fates[0]?.text)
    ? []
    : fates.map((fate) => `rcpt     ${fate.recipient === '' ? '(no recipient given)' : fate.recipient}: ${said(fate)}`);

/** For every address without a grant: the grant that came closest, and which of its conditions failed. */
const nearest = ({ hooks }: Explanation): readonly string[] =>
  hooks.flatMap(missingGrants).flatMap(({ address, nearest: grant }) => {
    if (grant === null) return [`nearest  no grant is asked for ${address}: the site has none`];
    const [first = 'it could not be decided', ...more] = grant.why;
    return [`nearest  grant ${grant.id} for ${address}: ${first}`, ...more.map((reason) => `         ${reason}`)];
  });

/** An explanation for people: the outcome, then the rules behind it. Hooks where nothing happened are left out. */
export const renderExplanation = (explanation: Explanation, style: ExplanationStyle): string => {
  const renderer = new Renderer(style);
  const { outcome, routes, message } = explanation;
  const hooks = renderer.hooks(explanation);
  return [
    renderer.outcome(outcome),
    ...nearest(explanation),
    ...recipients(explanation),
    ...Object.entries(routes).map(([recipient, target]) => `route    ${recipient} -> ${target}`),
    ...message.added.map((field) => `added    ${field}`),
    ...message.removed.map((field) => `removed  ${field}`),
    ...renderer.assumed(explanation),
    `policy   ${explanation.policy}`,
    '',
    ...hooks,
    ...renderer.leftOut,
    '',
  ].join('\n');
};
