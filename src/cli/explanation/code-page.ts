import { codes } from '../../policy/diagnostic-codes.ts';
import type { LintCheck } from '../../policy/lint/check.ts';
import { checks } from '../../policy/lint/checks/index.ts';
import { didYouMean } from '../../policy/suggest.ts';

const example = (title: string, policy: string): readonly string[] => [
  '',
  `${title}:`,
  '',
  ...policy
    .trim()
    .split('\n')
    .map((line) => (line === '' ? '' : `  ${line}`)),
];

const checked = ({ doc, avoid, prefer }: LintCheck): readonly string[] => [
  '',
  doc,
  ...example('Avoid', avoid),
  ...example('Prefer', prefer),
];

/** What `docs/diagnostics.md` has of a code, given in any case; a problem where there is none. */
export const codePage = (asked: string): { readonly page: string } | { readonly problem: string } => {
  const found = Object.entries(codes).find(([code]) => code === asked.toUpperCase());
  if (!found) return { problem: `There is no code ${asked}. ${didYouMean(asked, Object.keys(codes), 'docs/diagnostics.md lists them.')}` };
  const [code, { slug, severity, why }] = found;
  const check = [...checks.values()].find((one) => one.codes.some((reported) => reported === code));
  return { page: `${[`${code} ${slug} (${severity})`, '', why, ...(check ? checked(check) : [])].join('\n')}\n` };
};
