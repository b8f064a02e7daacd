import type { ExplainedHook, ExplainedVerdict, Explanation } from '../site/explain/explanation.ts';
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

const hook = (paint: Paint, explained: ExplainedHook): readonly string[] => {
  if (explained.rules.length === 0 && explained.verdict.kind === 'none') return [];
  const title = explained.recipient === undefined ? explained.hook : `${explained.hook} ${explained.recipient}`;
  return [paint('bold', title), ...explained.rules.flatMap((one) => rule(paint, one)), verdict(paint, explained.verdict), ''];
};

/** An explanation for people; hooks without rules are left out. */
export const renderExplanation = (explanation: Explanation, color: boolean): string => {
  const paint = painter(color);
  const { outcome, routes, message } = explanation;
  const by = outcome.by === '' ? '' : ` by ${outcome.by}`;
  return [
    ...explanation.hooks.flatMap((explained) => hook(paint, explained)),
    `${paint('bold', 'outcome')}  ${outcome.verdict} at ${outcome.at}${by}: ${outcome.code} ${outcome.enhanced} ${outcome.text}`,
    ...Object.entries(routes).map(([recipient, target]) => `route    ${recipient} -> ${target}`),
    ...message.added.map((field) => `added    ${field}`),
    ...message.removed.map((field) => `removed  ${field}`),
    `policy   ${explanation.policy}`,
    '',
  ].join('\n');
};
