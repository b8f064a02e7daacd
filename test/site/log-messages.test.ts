import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { ACT_EVENTS } from '../../src/site/logs/acts.ts';
import { DELIVERY_EVENTS } from '../../src/site/logs/delivery-log.ts';
import { RULE_MAIL_QUEUED } from '../../src/site/relay/core.ts';
import { RELOAD_EVENTS } from '../../src/site/relay/reloads.ts';
import { SESSION_EVENTS } from '../../src/smtp/session/event.ts';
import { PROJECT } from '../kit/project.ts';

/** Calls of a log, and of what notes an event, up to the bracket that closes them. */
const CALL = /(?:\blog|\.log\)?)\??\.(debug|info|warn|error|fatal)\(|\b(noteEvent|noteAct|note)\(/g;

const argumentsFrom = (source: string, start: number): string => {
  let depth = 1;
  for (let at = start; at < source.length; at++) {
    if (source[at] === '(') depth++;
    if (source[at] === ')' && --depth === 0) return source.slice(start, at);
  }
  return '';
};

interface Said {
  readonly text: string;
  readonly file: string;
}

/** Texts that source files give a log as they stand there. */
const saidIn = (source: string, file: string): readonly Said[] =>
  [...source.matchAll(CALL)].flatMap((call) => {
    const given = argumentsFrom(source, call.index + call[0].length);
    const texts = [...given.matchAll(/(?:^|, |\? |: )'([^']+)'(?=$|,| :|\n)/g)].flatMap(([, text = '']) => (call[2] ? [text] : [text]));
    const text = call[2] ? texts[0] : texts.at(-1);
    return text === undefined ? [] : [{ text, file }];
  });

const sourceFiles = async (): Promise<readonly string[]> =>
  (await readdir(join(PROJECT, 'src'), { recursive: true })).filter((name) => name.endsWith('.ts'));

const saidAnywhere = async (): Promise<readonly Said[]> => {
  const said: Said[] = [];
  for (const file of await sourceFiles()) said.push(...saidIn(await readFile(join(PROJECT, 'src', file), 'utf8'), file));
  return said;
};

const documented = async (): Promise<readonly (readonly string[])[]> => {
  const page = await readFile(join(PROJECT, 'docs/logs.md'), 'utf8');
  return [...page.matchAll(/^\| `([^`]+)` \| (\w*) ?\| ([\w ]+) \| (.+) \|$/gm)].map(([, ...cells]) => cells);
};

const EVENTS = [
  RULE_MAIL_QUEUED,
  ...SESSION_EVENTS,
  ...ACT_EVENTS,
  ...RELOAD_EVENTS,
  ...Object.values(DELIVERY_EVENTS).map(({ text }) => text),
];

test('the log page lists exactly the messages that the logs contain', async () => {
  const said = await saidAnywhere();
  assert.ok(said.length > 25, String(said.length));
  const known = new Set<string>([...said.map(({ text }) => text), ...EVENTS, 'decision', 'judged']);
  const listed = (await documented()).map(([text = '']) => text);
  assert.equal(new Set(listed).size, listed.length, 'none twice');
  assert.deepEqual([...listed].sort(), [...known].sort());
});

test('the log page marks the messages of the decision log', async () => {
  const there = (await documented()).filter(([, , where]) => where === 'yes').map(([text = '']) => text);
  assert.deepEqual(there.sort(), [...new Set(EVENTS)].sort());
});

/** Written where each of two ways leads to the same: TLS from the first byte or after STARTTLS; a signal or a command. */
const IN_TWO_FILES = ['reload requested', 'tls handshake failed'];

test('a message is written in one place, so that it means one thing', async () => {
  const files = new Map<string, Set<string>>();
  for (const { text, file } of await saidAnywhere()) files.set(text, (files.get(text) ?? new Set()).add(file));
  const several = [...files].filter(([, places]) => places.size > 1).map(([text]) => text);
  assert.deepEqual(several.sort(), IN_TWO_FILES);
});

test('messages are short, in lower case, without a final full stop', async () => {
  for (const { text, file } of await saidAnywhere()) assert.match(text, /^[a-z][a-z0-9 ,:-]{3,50}[a-z]$/, `${file}: ${text}`);
});
