import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import { SiteFileError, type SiteFiles } from '../../read/site-files.ts';
import type { TestSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';
import { misspelt } from '../rewritten.ts';

export const testReferences: LintCheck = {
  name: 'test-references',
  codes: ['RLY6001', 'RLY6002'],
  doc: 'The rules and the message file that a test names exist.',
  avoid: `
rules:
  - { id: no-home, on: helo, when: { helo.name: home }, then: reject }
tests:
  - { name: a, given: { helo.name: home }, expect: { at: helo, verdict: reject, by: no-hom } }
  - { name: b, given: { helo.name: home }, message: test/missing.eml, expect: { at: helo, verdict: reject } }
`,
  prefer: `
rules:
  - { id: no-home, on: helo, when: { helo.name: home }, then: reject }
tests:
  - { name: a, given: { helo.name: home }, expect: { at: helo, verdict: reject, by: no-home } }
`,
  check: ({ files, reader, mayMiss }) => {
    const mayExist = (name: string): boolean => NAMED.some((section) => mayMiss(section, name));
    const fullNames = files.flatMap((file) => [...file.grants, ...file.rules, ...file.routes].map(({ name }) => name));
    return files.flatMap((file) => {
      const names = new Set([...fullNames, ...fullNames.map(idOf), 'grants', 'internal']);
      return file.tests.flatMap((test) => [...(mayExist(test.expect.by ?? '') ? [] : checkBy(test, names)), ...checkMessage(test, reader)]);
    });
  },
};

const NAMED = ['grants', 'rules', 'routes'] as const;

const idOf = (name: string): string => name.slice(name.indexOf('/') + 1);

const checkBy = ({ expect }: TestSyntax, names: ReadonlySet<string>): readonly Diagnostic[] => {
  const { by } = expect;
  if (by === null || names.has(by)) return [];
  const otherwise = 'Name a rule or grant by its id or full name, or write grants if the missing grant decides.';
  const advice = misspelt(by, names, { at: expect.byAt, otherwise });
  return [diagnose('RLY6001', expect.byAt, { message: `There is no rule ${by}`, ...advice })];
};

/** `null` if the file can be read. */
const whyUnreadable = (file: string, reader: SiteFiles): string | null => {
  try {
    reader.readBytes(file, 'message');
    return null;
  } catch (error) {
    if (error instanceof SiteFileError) return error.message;
    throw error;
  }
};

const checkMessage = ({ message }: TestSyntax, reader: SiteFiles): readonly Diagnostic[] => {
  const reason = message === null ? null : whyUnreadable(message.file, reader);
  if (message === null || reason === null) return [];
  const help = 'Name a file by its path relative to the site, such as rules/messages/plain.eml.';
  return [diagnose('RLY6002', message.at, { message: `${message.file} cannot be read: ${reason}`, help })];
};
