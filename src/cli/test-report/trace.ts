import type { FailureTrace } from '../../site/testing/result.ts';

const place = ({ hook, recipient }: FailureTrace): string => {
  if (hook === null) return '';
  return recipient === null || recipient === '' ? ` at ${hook}` : ` at ${hook} of ${recipient}`;
};

/** How the rules fared that have to do with a failure, as lines for people. */
export const traceLines = (trace: readonly FailureTrace[]): readonly string[] =>
  trace.flatMap((one) => [
    `${one.about}: ${one.kind} ${one.rule}${place(one)}: ${one.result}`,
    ...one.why.map((reason) => `    ${reason}`),
  ]);
