import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Files } from '../../kit/site.ts';
import { fullFiles } from './full-site.ts';

const below = (folder: string): Files =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path, readFileSync(path, 'latin1')]),
  );

/** Every line that is off is switched on, on free ports and in one process. */
const everythingOn = (config: string): string =>
  `${config.replace(/^( *)# (- |tls:|auth:|greeting_pause:)/gm, '$1$2').replace(/:25(?:25|87)"/g, ':0"')}workers: 1\n`;

/** The site that ships with everything switched on: all policies, TLS, users and a DKIM key. */
export const shippedFiles = (): Files => {
  const shipped = { ...below('config'), ...below('rules') };
  const named = ['config/tls/cert.pem', 'config/tls/key.pem', 'config/users', 'config/dkim/example.com.pem'];
  const secrets = Object.entries(fullFiles()).filter(([path]) => named.includes(path));
  return { ...shipped, ...Object.fromEntries(secrets), 'config/relay.yaml': everythingOn(shipped['config/relay.yaml'] ?? '') };
};
