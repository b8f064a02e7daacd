import type { Diagnostic } from 'vscode-languageserver/node';
import type { Diagnostic as Finding } from '../policy/diagnostic.ts';
import { shown } from './features/diagnostics.ts';

/** Findings of one file that are shown: nobody reads more. */
const MOST = 500;

const byFile = (findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> => {
  const files = new Map<string, Finding[]>();
  for (const finding of findings) {
    const known = files.get(finding.at.file);
    if (known === undefined) files.set(finding.at.file, [finding]);
    else if (known.length < MOST) known.push(finding);
  }
  return files;
};

/** Which files the editor shows findings of, so that they go away with what they were about. */
export class Published {
  readonly #send: (uri: string, diagnostics: readonly Diagnostic[]) => void;
  /** Addresses, by site. */
  readonly #shown = new Map<string, ReadonlySet<string>>();

  constructor(send: (uri: string, diagnostics: readonly Diagnostic[]) => void) {
    this.#send = send;
  }

  /** All findings of a site, in the place of those before. Open files without any hear that, too. */
  publish(
    configPath: string,
    { findings, open }: { readonly findings: readonly Finding[]; readonly open: readonly string[] },
    uriOf: (file: string) => string,
  ): void {
    const found = [...byFile(findings)].map(([file, some]) => [uriOf(file), some.map((one) => shown(one, uriOf))] as const);
    const now = new Map<string, readonly Diagnostic[]>([...open.map((uri) => [uri, []] as const), ...found]);
    for (const uri of this.#shown.get(configPath) ?? []) if (!now.has(uri)) this.#send(uri, []);
    for (const [uri, diagnostics] of now) this.#send(uri, diagnostics);
    this.#shown.set(configPath, new Set(now.keys()));
  }

  /** Takes back what was said of a site. */
  clear(configPath: string): void {
    for (const uri of this.#shown.get(configPath) ?? []) this.#send(uri, []);
    this.#shown.delete(configPath);
  }
}
