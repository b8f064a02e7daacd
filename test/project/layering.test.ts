import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { circlesOf, grouped, importsIn, readImports } from './imports.ts';

/* Arrows between folders run one way, and nothing imports itself, if only through others. Imports of types count. */

/** What each folder of src/ may import, as ARCHITECTURE.md draws it: everything that stands before it here and it names. */
const BELOW: Readonly<Record<string, readonly string[]>> = {
  policy: [],
  message: ['policy'],
  ledger: ['policy'],
  lookup: ['policy', 'message'],
  queue: ['policy', 'message'],
  transaction: ['policy', 'message', 'ledger', 'lookup', 'queue'],
  smtp: ['policy', 'message', 'ledger', 'lookup', 'queue', 'transaction'],
  delivery: ['policy', 'message', 'ledger', 'lookup', 'queue', 'transaction'],
  site: ['policy', 'message', 'ledger', 'lookup', 'queue', 'transaction', 'smtp', 'delivery'],
  'language-server': ['policy', 'site'],
  cli: ['policy', 'message', 'ledger', 'lookup', 'queue', 'transaction', 'smtp', 'delivery', 'site', 'language-server'],
  'index.ts': ['policy', 'site'],
};

const imports = readImports();
const folderOf = (file: string): string => file.split('/')[1] ?? '';
/** `src/policy/facts` for all that stands in it, however deep; a file that stands in no folder of its room is one of its own. */
const innerFolderOf = (file: string): string => (file.split('/').length > 3 ? file.split('/').slice(0, 3).join('/') : file);

const arrows = [...imports].flatMap(([from, all]) => all.map((to) => ({ from, to })));
const told = ({ from, to }: { readonly from: string; readonly to: string }): string => `${from} imports ${to}`;

suite('layering', () => {
  test('every import is seen, whatever its form', () => {
    const text = [
      `import { a } from './a.ts';`,
      `import type { B } from '../b/b.ts';`,
      `export {\n  c,\n} from './c/c.ts';`,
      `import './d.ts';`,
      `const e = await import('./e.ts');`,
      `type F = import('./f.ts').F;`,
      `import pino from 'pino';`,
    ].join('\n');
    assert.deepEqual(
      importsIn('src/room/file.ts', text),
      ['room/a', 'b/b', 'room/c/c', 'room/d', 'room/e', 'room/f'].map((name) => `src/${name}.ts`),
    );
  });

  test('imported files exist', () => {
    assert.ok(arrows.length > 1000);
    assert.deepEqual(arrows.filter(({ to }) => !imports.has(to)).map(told), []);
  });

  test('every folder has a layer', () =>
    assert.deepEqual([...new Set([...imports.keys()].map(folderOf))].sort(), Object.keys(BELOW).sort()));

  for (const [folder, below] of Object.entries(BELOW))
    test(`${folder} imports only lower layers`, () => {
      const against = arrows.filter(
        ({ from, to }) => folderOf(from) === folder && folderOf(to) !== folder && !below.includes(folderOf(to)),
      );
      assert.deepEqual(against.map(told), []);
    });

  test('an import cycle is detected', () => {
    const circular = new Map([
      ['a', ['b']],
      ['b', ['c', 'd']],
      ['c', ['a']],
      ['d', []],
      ['e', ['e']],
    ]);
    assert.deepEqual(circlesOf(circular), [['a', 'b', 'c'], ['e']]);
    assert.deepEqual(circlesOf(grouped(circular, (file) => (file < 'd' ? 'one' : 'two'))), []);
  });

  test('no import cycles between files', () => assert.deepEqual(circlesOf(imports), []));

  test('no import cycles between subfolders', () => assert.deepEqual(circlesOf(grouped(imports, innerFolderOf)), []));
});
