import { generateKeyPairSync } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settled } from '../kit/settled.ts';

export const SHIPPED = readFileSync('config/relay.yaml', 'utf8');
export const POLICIES = readdirSync('rules').filter((name) => name.endsWith('.yaml'));

/** The shipped configuration switches the policy on. */
export const isOn = (file: string): boolean => SHIPPED.includes(`\n  - rules/${file} `);

/** A key where the DKIM policy expects one. */
export const writeDkimKey = (config: string): void => {
  mkdirSync(join(config, 'dkim'), { recursive: true });
  const { privateKey } = generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const path = join(config, 'dkim/example.com.pem');
  writeFileSync(path, privateKey, { mode: 0o600 });
  settled(path);
};

/** A copy of the shipped site in a folder of its own, with a DKIM key where the policy expects one. */
export class ShippedSite {
  readonly #folder = mkdtempSync(join(tmpdir(), 'relayctl-shipped-'));

  constructor() {
    for (const part of ['config', 'rules']) cpSync(part, join(this.#folder, part), { recursive: true, preserveTimestamps: true });
    writeDkimKey(join(this.#folder, 'config'));
  }

  /** Switches policies on besides those that are, and gives the path of the configuration. `edit` has the last word on its text. */
  configure(files: readonly string[], edit: (text: string) => string = (text) => text): string {
    const path = join(this.#folder, 'config/relay.yaml');
    const text = files.reduce((config, file) => config.replace(`  # - rules/${file} `, `  - rules/${file} `), SHIPPED);
    writeFileSync(path, edit(text));
    settled(path);
    return path;
  }

  /** Changes one file of the copy. */
  edit(file: string, change: (text: string) => string): void {
    const path = join(this.#folder, file);
    writeFileSync(path, change(readFileSync(path, 'utf8')));
    settled(path);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}
