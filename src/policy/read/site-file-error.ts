/** What kept a file from being read. */
export type FileTrouble = 'missing' | 'not a file' | 'too large' | 'changing' | 'unreadable';

/** Why a file of the site was not read, in words for the person who named it. */
export class SiteFileError extends Error {
  override readonly name = 'SiteFileError';
  readonly trouble: FileTrouble;
  constructor(message: string, trouble: FileTrouble = 'unreadable') {
    super(message);
    this.trouble = trouble;
  }
}
