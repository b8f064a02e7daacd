import type { ExplainedHook, ExplainedOutcome, ExplainedRegrant, ExplainedVerdict, Explanation } from '../site/explain/explanation.ts';
import { type Paint, painter } from './style.ts';

const RESULT_STYLE = { true: 'green', false: 'gray', unknown: 'yellow', 'not reached': 'gray' } as const;

const rule = (paint: Paint, { id, result, why }: ExplainedHook['rules'][number]): readonly string[] => [
  `  ${paint(RESULT_STYLE[result], result.padEnd(11))} ${id}`,
  ...why.map((reason) => `              ${paint('gray', reason)}`),
];

const verdict = (paint: Paint, { kind, by = '', code, enhanced, text }: ExplainedVerdict): string => {
  if (kind === 'none') return '  => nothing decided';
  const reply = code === undefined ? '' : `: ${code} ${enhanced} ${text}`;
  const style = kind === 'reject' || kind === 'disconnect' ? 'red' : kind === 'accept' ? 'green' : 'yellow';
  return `  ${paint(style, `=> ${kind}`)} by ${by}${reply}`;
};

/** A route is no verdict, but what `get_mx` is for. */
const decided = (paint: Paint, { route, verdict: found }: ExplainedHook): string =>
  route === undefined ? verdict(paint, found) : `  ${paint('green', `=> route ${route.to}`)} by ${route.id}`;

const hook = (paint: Paint, explained: ExplainedHook): readonly string[] => {
  if (explained.rules.length === 0 && explained.verdict.kind === 'none') return [];
  const title = explained.recipient === undefined ? explained.hook : `${explained.hook} ${explained.recipient}`;
  const regrants = (explained.regrants ?? []).flatMap((one) => regrant(paint, one));
  return [paint('bold', title), ...explained.rules.flatMap((one) => rule(paint, one)), ...regrants, decided(paint, explained), ''];
};

const regrant = (paint: Paint, { address, rules }: ExplainedRegrant): readonly string[] => [
  `  a grant for ${address}, which a rule produced`,
  ...rules.flatMap((one) => rule(paint, one)),
];

const said = ({ verdict: kind, by, code, enhanced, text }: Omit<ExplainedOutcome, 'at'>): string =>
  `${kind}${by === '' ? '' : ` by ${by}`}: ${code} ${enhanced} ${text}`;

/** Each recipient's own, where they differ. */
const recipients = ({ recipients: fates }: Explanation): readonly string[] =>
  fates.every(({ verdict: kind, code, text }) => kind === fates[0]?.verdict && code === fates[0]?.code && text === fates[0]?.text)
    ? []
    : fates.map((fate) => `rcpt     ${fate.recipient === '' ? '(no recipient given)' : fate.recipient}: ${said(fate)}`);

/** An explanation for people; hooks without rules are left out. */
export const renderExplanation = (explanation: Explanation, color: boolean): string => {
  const paint = painter(color);
  const { outcome, routes, message } = explanation;
  const { verdict: kind, at, by, code, enhanced, text } = outcome;
  return [
    ...explanation.assumed.map((one) => `${paint('yellow', 'assumed')}  ${one}`),
    ...(explanation.assumed.length > 0 ? [''] : []),
    ...explanation.hooks.flatMap((explained) => hook(paint, explained)),
    ...recipients(explanation),
    `${paint('bold', 'outcome')}  ${kind} at ${at}${by === '' ? '' : ` by ${by}`}: ${code} ${enhanced} ${text}`,
    ...Object.entries(routes).map(([recipient, target]) => `route    ${recipient} -> ${target}`),
    ...message.added.map((field) => `added    ${field}`),
    ...message.removed.map((field) => `removed  ${field}`),
    `policy   ${explanation.policy}`,
    '',
  ].join('\n');
};
