import { readFileSync, realpathSync } from 'node:fs';
import { relative } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { FactValue } from '../policy/value.ts';
import { explain } from '../site/explain/explain.ts';
import { explainRecorded } from '../site/explain/explain-recorded.ts';
import type { Explanation } from '../site/explain/explanation.ts';
import { unknownNames } from '../site/explain/unknown-names.ts';
import { loadSite, type Site } from '../site/loading/load.ts';
import { findJudged } from '../site/replay/read-log.ts';
import { readAssignment } from '../site/simulation/given.ts';
import { wireBytes } from '../site/simulation/message-text.ts';
import type { Script } from '../site/simulation/script.ts';
import { sessionAsTest } from '../site/testing/as-test.ts';
import { testsAsYaml } from '../site/testing/written-test.ts';
import { complain } from './complain.ts';
import { acting, type ConfigOption, siteCommand } from './configured.ts';
import { codePage } from './explanation/code-page.ts';
import { renderExplanation } from './explanation/render.ts';
import type { Terminal } from './terminal/terminal.ts';

interface ExplainOptions extends ConfigOption {
  readonly ip?: string;
  readonly rdns?: string;
  readonly helo?: string;
  readonly tls?: true;
  readonly user?: string;
  readonly from?: string | null;
  readonly to: readonly string[];
  readonly message?: string;
  readonly listener?: string;
  readonly given: readonly (readonly [string, FactValue])[];
  readonly lookup?: true;
  readonly fromLog?: string;
  readonly all?: true;
  readonly json?: true;
  readonly asTest?: true;
}

const assigned = (text: string): ExplainOptions['given'][number] => {
  const assignment = readAssignment(text);
  if ('problem' in assignment) throw new InvalidArgumentError(assignment.problem);
  return [assignment.fact, assignment.value];
};

/** Reads the value of an option that stands for a fact: what no session can have is a mistake. */
const checked =
  (fact: string) =>
  (text: string): string => {
    assigned(`${fact}=${text}`);
    return text;
  };

const sender = (text: string): string | null => (text === '' || text === '<>' ? null : checked('sender.address')(text));

const collect = (address: string, earlier: readonly string[]): readonly string[] => [...earlier, checked('recipient.address')(address)];

const collectGiven = (text: string, earlier: ExplainOptions['given']): ExplainOptions['given'] => [...earlier, assigned(text)];

/** Flags first, so that what `--given` says wins. */
const givenBy = (options: ExplainOptions): Map<string, FactValue> => {
  const { ip, rdns, helo, tls, user, from, listener } = options;
  const flags: readonly (readonly [string, FactValue | undefined])[] = [
    ['client.ip', ip],
    ['client.rdns', rdns],
    ['helo.name', helo],
    ['tls.active', tls],
    ['auth.user', user],
    ['sender.address', from],
    ['listener', listener],
  ];
  const said = flags.flatMap(([fact, value]): [string, FactValue][] => (value === undefined ? [] : [[fact, value]]));
  return new Map([...said, ...options.given]);
};

const scriptOf = (options: ExplainOptions): Script => {
  const given = givenBy(options);
  const recipient = given.get('recipient.address');
  const otherwise = typeof recipient === 'string' ? recipient : null;
  return {
    given,
    recipients: options.to.length > 0 ? options.to : [otherwise],
    message: options.message === undefined ? null : wireBytes(readFileSync(options.message)),
    now: Date.now(),
  };
};

const NO_LOG = 'error: this site keeps no decision log: set log: { decisions: …, facts: {} } in its configuration\n';

/** Nothing is said of the session. */
const saysNothing = ({ given, recipients, message }: Script): boolean =>
  given.size === 0 && message === null && recipients.every((recipient) => recipient === null);

const explainCode = (code: string, terminal: Terminal): number => {
  const found = codePage(code);
  if ('page' in found) terminal.out(found.page);
  else terminal.err(`error: ${found.problem}\n`);
  return 'page' in found ? 0 : 2;
};

/** The session as a test of a policy; its message has to be a file of the site, as that of any test. */
const printTest = async (site: Site, { script, options }: Described, terminal: Terminal): Promise<number> => {
  const file = options.message === undefined ? null : relative(realpathSync(site.config.root), realpathSync(options.message));
  if (file?.startsWith('..') === true) {
    terminal.err(`error: A test can only name a message inside the site. Copy ${options.message} into ${site.config.root}.\n`);
    return 2;
  }
  terminal.out(testsAsYaml([await sessionAsTest(site, { script, message: file, lookUp: options.lookup === true })]));
  return 0;
};

interface Described {
  readonly script: Script;
  readonly options: ExplainOptions;
}

const run = async (options: ExplainOptions, terminal: Terminal, [code]: readonly string[]): Promise<number> => {
  if (code !== undefined) return explainCode(code, terminal);
  if (options.fromLog !== undefined) return explainFromLog(options, options.fromLog, terminal);
  const script = scriptOf(options);
  if (saysNothing(script)) {
    terminal.err('error: Describe the session, such as: relayctl explain --ip 203.0.113.9 --from ann@example.net --to bob@example.com\n');
    return 2;
  }
  const loaded = loadSite(options.config);
  if (!loaded.site) return complain(loaded, terminal);
  const unknown = unknownNames(script, loaded.site);
  if (unknown.length > 0) {
    for (const sentence of unknown) terminal.err(`error: ${sentence}\n`);
    return 2;
  }
  if (options.asTest) return printTest(loaded.site, { script, options }, terminal);
  print(await explain(loaded.site, script, options.lookup === true), options, terminal);
  return 0;
};

const print = (explanation: Explanation, { json, all }: ExplainOptions, { out, color }: Terminal): void =>
  out(json ? `${JSON.stringify(explanation, null, 2)}\n` : renderExplanation(explanation, { color, all: all === true }));

const explainFromLog = async (options: ExplainOptions, id: string, terminal: Terminal): Promise<number> => {
  const loaded = loadSite(options.config);
  if (!loaded.site) return complain(loaded, terminal);
  const file = loaded.site.config.log.decisions;
  const entry = file === null ? null : await findJudged(file, id);
  if (entry !== null) {
    print(await explainRecorded(loaded.site, entry), options, terminal);
    return 0;
  }
  terminal.err(file === null ? NO_LOG : `error: ${file} has no line of the event "judged" for ${id}\n`);
  return 2;
};

export const explainCommand = (terminal: Terminal): Command =>
  acting(
    siteCommand('explain', 'Show what would happen to one session and why, or what a diagnostic means.')
      .argument('[code]', 'code of a diagnostic, such as RLY4007, instead of a session')
      .option('--ip <address>', 'IP address of the client', checked('client.ip'))
      .option('--rdns <name>', 'reverse DNS name of the client', checked('client.rdns'))
      .option('--helo <name>', 'name in HELO or EHLO', checked('helo.name'))
      .option('--tls', 'the connection is encrypted')
      .option('--user <name>', 'user name of an authenticated client')
      .option('--from <address>', 'envelope sender; <> for the null sender', sender)
      .option('--to <address>', 'envelope recipient (repeatable)', collect, [])
      .option('--message <file>', 'file with the message')
      .option('--listener <name>', 'listener that accepts the connection')
      .option('--given <fact=value>', 'set any fact; use "unknown" or "absent" as the value for either (repeatable)', collectGiven, [])
      .option('--lookup', 'make look-ups that are not given; otherwise they are unknown (`relayctl test` assumes normal results)')
      .option('--from-log <id>', 'a recorded session, by connection, transaction or queue id (needs `log: { facts: {} }`)')
      .option('--all', 'show every rule that was asked, those that did not hold too')
      .option('--json', 'print JSON')
      .option('--as-test', 'print the session as a test for a policy file; a look-up that is not given has its normal result'),
    terminal,
    run,
  );
