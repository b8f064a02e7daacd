import { type Command, InvalidArgumentError } from 'commander';
import { loadSiteToProve } from '../site/loading/load.ts';
import { BUILT_IN } from '../site/proof/built-in.ts';
import type { Proof } from '../site/proof/proof.ts';
import { proveSite } from '../site/proof/prove-site.ts';
import { complain } from './complain.ts';
import { acting, type ConfigOption, siteCommand } from './configured.ts';
import { jsonProofs } from './proof-report/json.ts';
import { prettyProofs } from './proof-report/pretty.ts';
import type { Terminal } from './terminal/terminal.ts';

interface ProveOptions extends ConfigOption {
  readonly without: readonly string[];
  readonly timeout: number;
  readonly json?: true;
}

const prove = async ({ config, without, timeout, json }: ProveOptions, terminal: Terminal): Promise<number> => {
  const loaded = loadSiteToProve(config);
  if (!loaded.site) return complain(loaded, terminal);
  const proofs = await proveSite(loaded.site, { milliseconds: timeout * 1000, without });
  terminal.out(json ? jsonProofs(proofs) : await prettyProofs(proofs, loaded.site, terminal.color));
  return proofs.every(isProved) ? 0 : 1;
};

const isProved = ({ result }: Proof): boolean => result === 'proved';

const IDS = BUILT_IN.map(({ id }) => id);

const named = (id: string, before: readonly string[]): readonly string[] => {
  if (!IDS.includes(id)) throw new InvalidArgumentError(`Write one of: ${IDS.join(', ')}.`);
  return [...before, id];
};

const seconds = (text: string): number => {
  const number = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || number === 0) throw new InvalidArgumentError('Write a number of seconds, more than 0.');
  return number;
};

export const proveCommand = (terminal: Terminal): Command =>
  acting(
    siteCommand('prove', 'Prove of all sessions that the site is no open relay, or show one that relays.')
      .option('--without <invariant>', `leave one out: ${IDS.join(', ')} (repeatable)`, named, [])
      .option('--timeout <seconds>', 'what is not decided by then is undecided', seconds, 30)
      .option('--json', 'print JSON'),
    terminal,
    prove,
  );
