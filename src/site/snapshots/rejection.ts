import type { Diagnostic } from '../../policy/diagnostic.ts';
import type { TestReport } from '../testing/result.ts';

/** Why a policy is not taken: enough to find the places; `relayctl lint` shows the rest. */
const SHOWN = 10;

const listed = (lines: readonly string[]): string => {
  const more = lines.length - SHOWN;
  return [...lines.slice(0, SHOWN), ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
};

export const diagnosticsReason = (diagnostics: readonly Diagnostic[]): string =>
  listed(
    diagnostics
      .filter(({ severity }) => severity === 'error')
      .map(({ code, message, at }) => `${at.file}:${at.line}:${at.column}: ${code} ${message}`),
  );

export const testsReason = ({ results }: TestReport): string =>
  listed(
    results
      .filter(({ failures }) => failures.length > 0)
      .map(({ at, name, failures }) => `${at.file}:${at.line}:${at.column}: test "${name}": ${failures[0] ?? ''}`),
  );
