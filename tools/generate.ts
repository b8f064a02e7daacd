import { readFileSync, writeFileSync } from 'node:fs';
import { writeIndexes } from './generate/indexes.ts';
import { writeServices } from './generate/services.ts';

/*
 * Writes what follows from the definitions: the indexes of the rooms of the language, the JSON Schemas in
 * `schemas/` and the reference page. With `--check` nothing is written, and what is stale is named.
 */

const checking = process.argv.includes('--check');
const stale: string[] = [];

const read = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
};

/** Puts `text` into `file`, or notes that it is not there. */
const put = (file: string, text: string): void => {
  if (read(file) === text) return;
  stale.push(file);
  if (!checking) writeFileSync(file, text);
};

writeIndexes(put);
writeServices(put);
// The products are made from the indexes, so they are loaded only now that those are right.
const { writeProducts } = await import('./generate/products.ts');
writeProducts(put);

for (const file of stale) console.log(`${checking ? 'stale' : 'wrote'} ${file}`);
if (checking && stale.length > 0) process.exitCode = 1;
