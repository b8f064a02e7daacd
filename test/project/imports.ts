import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';

/** Every file of the source, as `src/room/file.ts`, and the files of the source that it imports, those of types included. */
export type Imports = ReadonlyMap<string, readonly string[]>;

const IMPORT = /(?:\bfrom|\bimport\(|^import) ?'(\.[^']+)'/gm;

/** The files that `text` imports, which is the text of `file`. */
export const importsIn = (file: string, text: string): readonly string[] =>
  [...text.matchAll(IMPORT)].map(([, path = '']) => posix.join(posix.dirname(file), path));

export const readImports = (): Imports => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return new Map(files.sort().map((file) => [`src/${file}`, importsIn(`src/${file}`, readFileSync(`src/${file}`, 'utf8'))]));
};

/** `imports` with every file replaced by what `groupOf` says it belongs to, without imports inside a group. */
export const grouped = (imports: Imports, groupOf: (file: string) => string): Imports => {
  const groups = new Map<string, string[]>();
  for (const [file, imported] of imports) {
    const group = groupOf(file);
    groups.set(group, [...(groups.get(group) ?? []), ...imported.map(groupOf).filter((other) => other !== group)]);
  }
  return groups;
};

/** The circles: the largest sets in which each imports each, if only through others. Tarjan's algorithm. */
export const circlesOf = (imports: Imports): readonly (readonly string[])[] => {
  const order = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string): number => {
    const own = order.size;
    order.set(file, own);
    open.push(file);
    let lowest = own;
    for (const next of imports.get(file) ?? []) {
      const seen = order.get(next);
      if (seen === undefined) lowest = Math.min(lowest, visit(next));
      else if (open.includes(next)) lowest = Math.min(lowest, seen);
    }
    if (lowest === own) {
      const circle = open.splice(open.indexOf(file));
      if (circle.length > 1 || imports.get(file)?.includes(file)) circles.push(circle.sort());
    }
    return lowest;
  };
  for (const file of imports.keys()) if (!order.has(file)) visit(file);
  return circles;
};
