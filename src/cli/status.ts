import type { Command } from 'commander';
import type { RelayStatus } from '../site/control/protocol.ts';
import { requestStatus } from '../site/control/requests.ts';
import { acting, type ConfigOption, siteCommand } from './configured.ts';
import type { Terminal } from './terminal/terminal.ts';

interface StatusOptions extends ConfigOption {
  readonly json?: boolean;
}

const reloadLine = ({ lastReload }: RelayStatus): string => {
  if (!lastReload) return 'none since startup';
  return lastReload.taken ? `${lastReload.at}, applied` : `${lastReload.at}, rejected: ${lastReload.reason}`;
};

const workersOf = ({ workers }: RelayStatus): string => (workers.length === 0 ? '' : `, workers ${workers.join(' ')}`);

const rendered = (status: RelayStatus): string => {
  const { queue } = status;
  const listeners = Object.entries(status.listeners).map(([name, address]) => `${name}=${address}`);
  return [
    `policy       ${status.policy} (${status.rules} rules), loaded ${status.loaded}`,
    `last reload  ${reloadLine(status)}`,
    `running      since ${status.started}, process ${status.pid}${workersOf(status)}`,
    `listeners    ${listeners.join(' ')}`,
    `connections  ${status.connections}`,
    `queue        ${queue.queued} queued, ${queue.held} held, ${queue.quarantined} quarantined, ${queue.corrupt} corrupt`,
    '',
  ].join('\n');
};

const status = async ({ config, json }: StatusOptions, terminal: Terminal): Promise<number> => {
  const answer = await requestStatus(config);
  if (answer.kind === 'not running') {
    terminal.err(`relayctl: ${answer.reason}\n`);
    return 1;
  }
  terminal.out(json ? `${JSON.stringify(answer.result, null, 2)}\n` : rendered(answer.result));
  return 0;
};

export const statusCommand = (terminal: Terminal): Command =>
  acting(siteCommand('status', 'Show the status of the running relay.').option('--json', 'print JSON'), terminal, status);
