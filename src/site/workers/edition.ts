import { compilePolicy } from '../../policy/compile/policy.ts';
import { readPolicy } from '../../policy/read/policy.ts';
import { decodeFile, SiteFileError, type SiteFiles } from '../../policy/read/site-files.ts';
import type { RelayConfig } from '../config/config.ts';
import type { Secrets } from '../files/secrets.ts';
import type { Site } from '../load.ts';
import type { Material } from '../relay/running.ts';

/*
 * What goes from the primary to its workers when there is a new policy: the very bytes that were read,
 * checked and tested once. A worker opens no file of the site, so that no two can have read different ones.
 */

/** Everything a site was read from, ready to be sent to another process. */
export interface Edition {
  readonly config: RelayConfig;
  readonly version: string;
  /** Paths of the policies, in configured order. */
  readonly policies: readonly string[];
  /** What policies and lists were read from, by path. */
  readonly contents: ReadonlyMap<string, Uint8Array>;
  readonly secrets: Secrets;
}

export const editionOf = ({ config, policy, files, contents, secrets }: Site): Edition => ({
  config,
  version: policy.version,
  policies: files.map(({ path }) => path),
  contents,
  secrets,
});

const recorded = (contents: Edition['contents']): SiteFiles => {
  const readBytes = (path: string): Uint8Array => {
    const bytes = contents.get(path);
    if (!bytes) throw new SiteFileError('it was not read with the others');
    return bytes;
  };
  return { readBytes, read: (path) => decodeFile(readBytes(path)) };
};

/** Compiles what another process has found right. Throws if it turns out not to be. */
export const openEdition = ({ config, version, policies, contents, secrets }: Edition): Material => {
  const files = recorded(contents);
  const read = policies.map((path) => readPolicy(path, files.readBytes(path, 'yaml'), files));
  const understood = read.flatMap(({ file }) => file ?? []);
  const { policy, diagnostics } = compilePolicy(understood, version);
  const [error] = [...read.flatMap((one) => one.diagnostics), ...diagnostics].filter(({ severity }) => severity === 'error');
  if (!policy || understood.length < read.length || error)
    throw new Error(`a worker cannot read the policy: ${error?.message ?? 'no reason given'}`);
  return { config, policy, secrets };
};
