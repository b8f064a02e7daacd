import { resolve } from 'node:path';
import { isObject } from '../../policy/json.ts';
import { thisActor } from '../../queue/actor.ts';
import { readConfig, siteRoot } from '../config/read.ts';
import { askRelay, NotRunning } from './ask.ts';
import { isRelayStatus, isReloadResult, type Question, type RelayStatus, type ReloadResult } from './protocol.ts';

export type Answered<Result> =
  | { readonly kind: 'answered'; readonly result: Result }
  | { readonly kind: 'not running'; readonly reason: string };

/** Found even where the configuration was broken after the relay had started: it still runs by the old one. */
const queuePath = (configPath: string): string => {
  const { config, document } = readConfig(configPath);
  if (config) return config.queue.path;
  const queue = isObject(document?.value) ? document.value.queue : undefined;
  const path = isObject(queue) && typeof queue.path === 'string' ? queue.path : 'var/queue';
  return resolve(siteRoot(configPath), path);
};

const request = async <Result>(
  configPath: string,
  ask: Question['ask'],
  fits: (answer: unknown) => answer is Result,
): Promise<Answered<Result>> => {
  try {
    const answer = await askRelay(queuePath(configPath), { ask, actor: thisActor() });
    if (!fits(answer)) throw new Error(`the relay answered ${JSON.stringify(answer)}`);
    return { kind: 'answered', result: answer };
  } catch (error) {
    if (error instanceof NotRunning) return { kind: 'not running', reason: error.message };
    throw error;
  }
};

/** Has the relay of a configuration read its policy again. Rejects when it goes away meanwhile. */
export const requestReload = (configPath: string): Promise<Answered<ReloadResult>> => request(configPath, 'reload', isReloadResult);

export const requestStatus = (configPath: string): Promise<Answered<RelayStatus>> => request(configPath, 'status', isRelayStatus);
