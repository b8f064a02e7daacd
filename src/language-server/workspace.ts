import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Unsaved } from '../policy/read/unsaved.ts';
import type { Analysis } from './analysis/analysis.ts';
import { Analyst } from './analysis/analyst.ts';
import { type OpenDocument, openDocument, uriOf } from './documents.ts';
import { SiteSession } from './site-session.ts';

export interface WorkspaceEvents {
  /** A site has been read again. */
  readonly analysed: (configPath: string, analysis: Analysis) => void;
  /** No document of the site is open any more. */
  readonly left: (configPath: string) => void;
  readonly failed: (reason: string) => void;
}

/** The sites of all documents that an editor has open. */
export class Workspace {
  readonly #events: WorkspaceEvents;
  readonly #analyst = new Analyst();
  readonly #documents = new Map<string, OpenDocument>();
  readonly #sites = new Map<string, SiteSession>();

  constructor(events: WorkspaceEvents) {
    this.#events = events;
  }

  get analyst(): Analyst {
    return this.#analyst;
  }

  /** A document has been opened, or its text has changed. */
  edited(document: TextDocument): void {
    const known = this.#documents.get(document.uri);
    const open = known ?? openDocument(document);
    if (open === null) return;
    this.#documents.set(document.uri, { ...open, document });
    const site = this.#sites.get(open.configPath);
    if (site) site.changed();
    else this.#sites.set(open.configPath, this.#begin(open.configPath));
  }

  closed(document: TextDocument): void {
    const open = this.#documents.get(document.uri);
    this.#documents.delete(document.uri);
    if (open === undefined) return;
    const site = this.#sites.get(open.configPath);
    if ([...this.#documents.values()].some(({ configPath }) => configPath === open.configPath)) {
      site?.changed();
      return;
    }
    site?.close();
    this.#sites.delete(open.configPath);
    this.#events.left(open.configPath);
  }

  /** Files on the disk have changed. */
  filesChanged(): void {
    for (const site of this.#sites.values()) site.changed();
  }

  /** A document and its site; `null` if it belongs to none. */
  find(uri: string): { readonly open: OpenDocument; readonly site: SiteSession } | null {
    const open = this.#documents.get(uri);
    const site = open && this.#sites.get(open.configPath);
    return open && site ? { open, site } : null;
  }

  unsavedOf(configPath: string): Unsaved {
    const own = [...this.#documents.values()].filter((open) => open.configPath === configPath);
    return new Map(own.map(({ real, document }) => [real, document.getText()]));
  }

  /** The address of a file of a site, as the editor writes it if it has the file open. */
  addressOf(configPath: string, file: string): string {
    const open = [...this.#documents.values()].find((one) => one.configPath === configPath && one.file === file);
    return open?.document.uri ?? uriOf(configPath, file);
  }

  /** Addresses of the documents of a site that are open. */
  openIn(configPath: string): readonly string[] {
    return [...this.#documents].flatMap(([uri, open]) => (open.configPath === configPath ? [uri] : []));
  }

  close(): void {
    for (const site of this.#sites.values()) site.close();
    this.#analyst.close();
  }

  #begin(configPath: string): SiteSession {
    const { analysed, failed } = this.#events;
    return new SiteSession({
      configPath,
      analyst: this.#analyst,
      unsaved: () => this.unsavedOf(configPath),
      analysed: (analysis) => analysed(configPath, analysis),
      failed,
    });
  }
}
