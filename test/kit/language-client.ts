import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as after } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import {
  type CodeAction,
  type CodeLens,
  type CompletionItem,
  createProtocolConnection,
  type Diagnostic,
  type Hover,
  type Location,
  type Position,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';

/** What editors put where the cursor is; tests write it into their texts. */
const CURSOR = '█';

/** Milliseconds. */
const PATIENCE = 120_000;

/** A text with a cursor in it, taken apart. */
export const withCursor = (marked: string): { readonly text: string; readonly at: Position } => {
  const before = marked.split(CURSOR)[0] ?? '';
  assert.ok(marked.includes(CURSOR), 'the text has no cursor');
  const lines = before.split('\n');
  return { text: marked.replace(CURSOR, ''), at: { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 } };
};

export interface ServerToRun {
  /** Arguments of node. */
  readonly words: readonly string[];
  /** What the server gets when it asks for its configuration. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** An editor that talks to a language server in a process of its own, over its standard input and output. */
export class LanguageClient {
  readonly messages: string[] = [];
  readonly process: ChildProcess;
  readonly #connection: ProtocolConnection;
  readonly #diagnostics = new Map<string, readonly Diagnostic[]>();
  #version = 1;
  #stderr = '';

  constructor({ words, settings = {} }: ServerToRun) {
    const child = spawn(process.execPath, [...words], { stdio: ['pipe', 'pipe', 'pipe'] });
    child.stderr.on('data', (chunk: Buffer) => {
      this.#stderr += String(chunk);
    });
    child.stdin.on('error', () => undefined);
    this.process = child;
    this.#connection = createProtocolConnection(child.stdout, child.stdin);
    this.#connection.onError(() => undefined);
    child.on('exit', () => this.#connection.dispose());
    this.#connection.onRequest('workspace/configuration', ({ items }: { items: readonly { section?: string }[] }) =>
      items.map(({ section }) => settings[section ?? ''] ?? null),
    );
    this.#connection.onRequest('client/registerCapability', () => null);
    this.#connection.onRequest('workspace/codeLens/refresh', () => null);
    this.#connection.onNotification('textDocument/publishDiagnostics', ({ uri, diagnostics }: PublishDiagnosticsParams) => {
      this.#diagnostics.set(uri, diagnostics);
    });
    this.#connection.onNotification('window/showMessage', ({ message }: { message: string }) => {
      this.messages.push(message);
    });
    this.#connection.listen();
  }

  async initialize(root: string): Promise<void> {
    const workspaceFolders = [{ uri: pathToFileURL(root).href, name: 'site' }];
    const textDocument = { publishDiagnostics: {}, completion: { completionItem: { snippetSupport: false } }, hover: {} };
    const capabilities = { workspace: { configuration: true, didChangeWatchedFiles: { dynamicRegistration: true } }, textDocument };
    await this.#connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: pathToFileURL(root).href,
      capabilities,
      workspaceFolders,
    });
    await this.notify('initialized', {});
  }

  /** What the server has written to its standard error. */
  get stderr(): string {
    return this.#stderr;
  }

  request<Result>(method: string, params: unknown): Promise<Result> {
    return this.#connection.sendRequest<Result>(method, params);
  }

  notify(method: string, params: unknown): Promise<void> {
    return this.#connection.sendNotification(method, params);
  }

  open(path: string, text: string): Promise<void> {
    const uri = pathToFileURL(path).href;
    return this.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } });
  }

  change(path: string, text: string): Promise<void> {
    this.#version += 1;
    const textDocument = { uri: pathToFileURL(path).href, version: this.#version };
    return this.notify('textDocument/didChange', { textDocument, contentChanges: [{ text }] });
  }

  close(path: string): Promise<void> {
    return this.notify('textDocument/didClose', { textDocument: { uri: pathToFileURL(path).href } });
  }

  /** What the server has last said about a file; `null` if nothing yet. */
  diagnosticsOf(path: string): readonly Diagnostic[] | null {
    return this.#diagnostics.get(pathToFileURL(path).href) ?? null;
  }

  /** Waits until the codes of a file's diagnostics are these, in the order of the file. */
  async expectCodes(path: string, codes: readonly string[]): Promise<void> {
    const seen = (): string => (this.diagnosticsOf(path) ?? [{ code: 'nothing was said' }]).map(({ code }) => String(code)).join();
    await this.until(
      () => seen() === codes.join(),
      () => `${codes.join()} in ${path}, not ${seen()}`,
    );
  }

  /** Waits for something that the server does by itself. It starts a process and reads a site, which takes long on a busy machine. */
  async until(holds: () => boolean, what: () => string): Promise<void> {
    const deadline = performance.now() + PATIENCE;
    while (!holds()) {
      if (performance.now() > deadline) throw new Error(`waited in vain for ${what()}\n${this.#stderr}`);
      await after(5);
    }
  }

  async completion(path: string, position: Position): Promise<readonly CompletionItem[]> {
    const found = await this.request<{ items: CompletionItem[] } | CompletionItem[] | null>(
      'textDocument/completion',
      this.#at(path, position),
    );
    return Array.isArray(found) ? found : (found?.items ?? []);
  }

  /** The text of a hover; empty if there is none. */
  async hover(path: string, position: Position): Promise<string> {
    const found = await this.request<Hover | null>('textDocument/hover', this.#at(path, position));
    const contents = found?.contents ?? '';
    return typeof contents === 'object' && 'value' in contents ? contents.value : String(contents);
  }

  async definition(path: string, position: Position): Promise<readonly Location[]> {
    const found = await this.request<Location[] | Location | null>('textDocument/definition', this.#at(path, position));
    return found === null ? [] : [found].flat();
  }

  rename(path: string, position: Position, newName: string): Promise<WorkspaceEdit | null> {
    return this.request('textDocument/rename', { ...this.#at(path, position), newName });
  }

  async lenses(path: string): Promise<readonly CodeLens[]> {
    return (await this.request<CodeLens[] | null>('textDocument/codeLens', { textDocument: { uri: pathToFileURL(path).href } })) ?? [];
  }

  async codeActions(path: string, { range }: Pick<Diagnostic, 'range'>): Promise<readonly CodeAction[]> {
    const textDocument = { uri: pathToFileURL(path).href };
    return (
      (await this.request<CodeAction[] | null>('textDocument/codeAction', { textDocument, range, context: { diagnostics: [] } })) ?? []
    );
  }

  /** Ends the server as editors do, and gives its exit code. */
  async stop(): Promise<number | null> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const ended = once(this.process, 'exit');
      await this.request('shutdown', undefined).catch(() => null);
      await this.notify('exit', undefined).catch(() => undefined);
      this.process.stdin?.end();
      await ended;
    }
    this.#connection.dispose();
    return this.process.exitCode;
  }

  #at(path: string, position: Position): { textDocument: { uri: string }; position: Position } {
    return { textDocument: { uri: pathToFileURL(path).href }, position };
  }
}
