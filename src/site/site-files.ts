import { readFileSync, realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';

/** A path of a policy or a list that leads out of the site: by `..`, by being absolute, or through a link. */
export class OutsideSite extends Error {
  constructor(path: string) {
    super(`${path} leads out of the site`);
  }
}

const isInside = (root: string, path: string): boolean => {
  const way = relative(root, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
};

/**
 * The files that policies may read. Remembers what it read, so that the version of a policy covers every
 * byte that decides.
 */
export class SiteFiles {
  readonly root: string;
  /** Path relative to the site -> text, in the order of reading. */
  readonly texts = new Map<string, string>();

  constructor(root: string) {
    this.root = resolve(root);
  }

  /** Text of a file. Throws `OutsideSite`, or the system's error (`ENOENT`). */
  read(path: string): string {
    const known = this.texts.get(path);
    if (known !== undefined) return known;
    const text = readFileSync(this.locate(path), 'utf8');
    this.texts.set(path, text);
    return text;
  }

  /** Bytes of a file, a test's message. */
  bytes(path: string): Buffer {
    return readFileSync(this.locate(path));
  }

  /** Absolute path of a file of the site. Throws like `read`. */
  locate(path: string): string {
    const absolute = resolve(this.root, path);
    if (isAbsolute(path) || !isInside(this.root, absolute)) throw new OutsideSite(path);
    if (!isInside(realpathSync(this.root), realpathSync(absolute))) throw new OutsideSite(path);
    return absolute;
  }
}
