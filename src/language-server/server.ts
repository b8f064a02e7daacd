import {
  type Connection,
  createConnection,
  DidChangeWatchedFilesNotification,
  ErrorCodes,
  type InitializeParams,
  type InitializeResult,
  LSPErrorCodes,
  MessageType,
  type Range,
  ResponseError,
  ShowMessageNotification,
  TextDocumentSyncKind,
  TextDocuments,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { editorSchema } from '../policy/schema/editor-schema.ts';
import { configSchema } from '../site/config/site-keys.ts';
import type { Analysis } from './analysis/analysis.ts';
import { isConfiguration, type OpenDocument } from './documents.ts';
import { codeActions, workspaceEdit } from './features/code-actions.ts';
import { completionAt, type Edited } from './features/completion.ts';
import { definitionsAt, occurrenceAt } from './features/definition.ts';
import { hoverAt } from './features/hover.ts';
import { lensesOf, RUN_TESTS } from './features/lenses.ts';
import { canRename, renaming } from './features/rename.ts';
import { rangeOf } from './positions.ts';
import { Published } from './published.ts';
import { runTests } from './run-tests.ts';
import type { SiteSession } from './site-session.ts';
import { Workspace } from './workspace.ts';

/** How long an answer that must not rest on an old state waits for the new one. Milliseconds. */
const PATIENCE = 120_000;

const CAPABILITIES: InitializeResult['capabilities'] = {
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
  completionProvider: { triggerCharacters: ['.', ':', ' ', '[', '{', '-'] },
  hoverProvider: true,
  definitionProvider: true,
  renameProvider: { prepareProvider: true },
  codeActionProvider: { codeActionKinds: ['quickfix'] },
  codeLensProvider: {},
  executeCommandProvider: { commands: [RUN_TESTS] },
};

const CONFIGURATION = configSchema();

const isYaml = ({ file }: OpenDocument): boolean => /\.ya?ml$/i.test(file);

/** An editor that is gone needs no answer; that it is gone ends the process. */
const gone = (): void => undefined;

const refusal = (message: string): ResponseError<void> => new ResponseError(ErrorCodes.InvalidRequest, message);

/** Serves one editor until it says that it is done. */
class LanguageServer {
  readonly #connection: Connection;
  readonly #documents = new TextDocuments(TextDocument);
  readonly #workspace: Workspace;
  readonly #published: Published;
  #watches = false;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#workspace = new Workspace({
      analysed: (configPath, analysis) => this.#analysed(configPath, analysis),
      left: (configPath) => this.#published.clear(configPath),
      failed: (reason) => connection.console.error(reason),
    });
    this.#published = new Published((uri, diagnostics) => {
      connection.sendDiagnostics({ uri, diagnostics: [...diagnostics] }).catch(gone);
    });
    connection.onInitialize((params) => this.#initialize(params));
    connection.onInitialized(() => this.#watch());
    connection.onShutdown(() => this.#workspace.close());
    connection.onDidChangeWatchedFiles(() => this.#workspace.filesChanged());
    this.#documents.onDidChangeContent(({ document }) => this.#workspace.edited(document));
    this.#documents.onDidSave(() => this.#workspace.filesChanged());
    this.#documents.onDidClose(({ document }) => this.#workspace.closed(document));
    this.#answer();
    this.#documents.listen(connection);
    connection.listen();
  }

  #initialize({ capabilities }: InitializeParams): InitializeResult {
    this.#watches = capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
    return { capabilities: CAPABILITIES, serverInfo: { name: 'relayctl' } };
  }

  #watch(): void {
    if (!this.#watches) return;
    const watchers = [{ globPattern: '**/*.{yaml,yml,txt,eml,pem}' }];
    this.#connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }).catch(gone);
  }

  #answer(): void {
    const connection = this.#connection;
    connection.onCompletion(({ textDocument: { uri }, position }) => {
      const edited = this.#edited(uri);
      return edited === null ? [] : [...completionAt(edited, position)];
    });
    connection.onHover(({ textDocument: { uri }, position }) => {
      const edited = this.#edited(uri);
      return edited === null ? null : hoverAt(edited, position);
    });
    connection.onDefinition(async ({ textDocument: { uri }, position }) => {
      const { open, site } = await this.#fresh(uri);
      return definitionsAt(site.names, open.file, position).map((at) => ({ uri: this.#uriIn(open)(at.file), range: rangeOf(at) }));
    });
    connection.onPrepareRename(async ({ textDocument: { uri }, position }) => {
      const { open, site } = await this.#fresh(uri);
      const occurrence = occurrenceAt(site.names, open.file, position);
      return occurrence === null || !canRename(occurrence) ? null : rangeOf(occurrence.at);
    });
    connection.onRenameRequest(({ textDocument: { uri }, position, newName }) => this.#rename(uri, { position, newName }));
    connection.onCodeAction(async ({ textDocument: { uri }, range }) => this.#codeActions(uri, range));
    connection.onCodeLens(async ({ textDocument: { uri } }) => {
      const { open, site } = await this.#fresh(uri);
      return [...lensesOf(site.names, open.file, uri)];
    });
    connection.onExecuteCommand(async ({ command, arguments: words = [] }) => {
      if (command !== RUN_TESTS) throw refusal(`There is no command ${command}`);
      return this.#runTests(words);
    });
  }

  /** A document that is open and belongs to a site, once what is known of that site is of this moment. */
  async #fresh(uri: string): Promise<{ readonly open: OpenDocument; readonly site: SiteSession }> {
    const found = this.#workspace.find(uri);
    if (found === null) throw refusal('This file belongs to no site: no folder above it has config/relay.yaml.');
    if (!(await found.site.fresh(PATIENCE))) throw new ResponseError(LSPErrorCodes.ServerCancelled, 'The site is still being read.');
    return found;
  }

  #edited(uri: string): Edited | null {
    const found = this.#workspace.find(uri);
    if (found === null || !isYaml(found.open)) return null;
    const schema = isConfiguration(found.open) ? CONFIGURATION : editorSchema();
    return { text: found.open.document.getText(), schema, names: found.site.names };
  }

  async #rename(uri: string, { position, newName }: { position: Range['start']; newName: string }): Promise<WorkspaceEdit> {
    const { open, site } = await this.#fresh(uri);
    const occurrence = occurrenceAt(site.names, open.file, position);
    if (occurrence === null) throw refusal('There is no list, grant, group or tag here.');
    const result = renaming(site.names, occurrence, newName);
    if ('refused' in result) throw refusal(result.refused);
    return workspaceEdit(result.edits, this.#uriIn(open));
  }

  async #codeActions(uri: string, range: Range) {
    const { open, site } = await this.#fresh(uri);
    return [...codeActions(site.diagnostics, { file: open.file, range }, this.#uriIn(open))];
  }

  async #runTests([uri, name]: readonly unknown[]): Promise<string> {
    const found = typeof uri === 'string' ? this.#workspace.find(uri) : null;
    if (found === null) throw refusal('Name an open file of a site.');
    const { configPath, file } = found.open;
    const order = { configPath, unsaved: this.#workspace.unsavedOf(configPath), file, name: typeof name === 'string' ? name : null };
    const { passed, text } = await runTests(this.#workspace.analyst, order);
    const type = passed ? MessageType.Info : MessageType.Error;
    await this.#connection.sendNotification(ShowMessageNotification.type, { type, message: text });
    return text;
  }

  #uriIn({ configPath }: OpenDocument): (file: string) => string {
    return (file) => this.#workspace.addressOf(configPath, file);
  }

  #analysed(configPath: string, { diagnostics }: Analysis): void {
    const uriOf = (file: string): string => this.#workspace.addressOf(configPath, file);
    this.#published.publish(configPath, { findings: diagnostics, open: this.#workspace.openIn(configPath) }, uriOf);
  }
}

/** Speaks the Language Server Protocol over standard input and output until the editor ends it, which ends the process. */
export const serveEditor = (): void => {
  new LanguageServer(createConnection(process.stdin, process.stdout));
};
