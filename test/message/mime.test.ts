import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { type ContentLimits, messageContents } from '../../src/message/contents.ts';

const never = new AbortController().signal;

const contents = (message: string | Buffer, limits: ContentLimits = { parts: 100 }) => {
  let opened = 0;
  const open = (): Readable => {
    opened++;
    return Readable.from([Buffer.from(message)], { objectMode: false });
  };
  return { ...messageContents({ open }, limits), opened: () => opened };
};

const text = (message: string | Buffer, limits?: ContentLimits) => contents(message, limits).text(never);
const attachments = (message: string | Buffer, limits?: ContentLimits) => contents(message, limits).attachments(never);

const multipart = (...parts: readonly (readonly string[])[]): string =>
  ['Content-Type: multipart/mixed; boundary=b', '', ...parts.flatMap((part) => ['--b', ...part]), '--b--', ''].join('\r\n');

const named = async (...header: readonly string[]): Promise<unknown> => {
  const [first] = await attachments(multipart(['', 'text'], [...header, '', 'x']));
  return first && [first.name, first.extension];
};

describe('the text of a message', () => {
  const cases: readonly (readonly [why: string, message: string | Buffer, text: string | null])[] = [
    ['plain', 'A: b\r\n\r\nhello\r\n', 'hello\n'],
    ['in ISO 8859-1', Buffer.from('Content-Type: text/plain; charset=iso-8859-1\r\n\r\ngr\xfc\xdfe', 'latin1'), 'grüße'],
    ['quoted-printable', 'Content-Transfer-Encoding: quoted-printable\r\n\r\ngr=C3=BC=\r\n=C3=9Fe', 'grüße'],
    [
      'in base64 and a charset of Japan',
      'Content-Type: text/plain; charset=iso-2022-jp\r\nContent-Transfer-Encoding: base64\r\n\r\nGyRCRnxLXBsoQg==',
      '日本',
    ],
    ['in a charset nobody knows', 'Content-Type: text/plain; charset=x-none\r\n\r\nabc', 'abc'],
    ['plain and HTML', multipart(['', 'plain'], ['Content-Type: text/html', '', '<b>bold</b>']), 'plain\nbold'],
    ['of a message within', multipart(['Content-Type: message/rfc822', '', 'X: y', '', 'inner']), 'inner'],
    [
      'of HTML whose charset stands in <meta> alone',
      Buffer.from('Content-Type: text/html\r\n\r\n<meta charset=koi8-r><p>\xf0\xd2\xc9', 'latin1'),
      'При',
    ],
    [
      'of HTML whose charset stands in <meta http-equiv>',
      Buffer.from(
        'Content-Type: text/html\r\n\r\n<meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><p>\xcf\xf0\xe8',
        'latin1',
      ),
      'При',
    ],
    [
      'of HTML in base64 whose charset stands in <meta>',
      `Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from('<meta charset=shift_jis><p>\x93\xfa\x96\x7b', 'latin1').toString('base64')}`,
      '日本',
    ],
    [
      'of HTML whose part says another charset than <meta>',
      'Content-Type: text/html; charset=utf-8\r\n\r\n<meta charset=koi8-r><p>grün',
      'grün',
    ],
    ['of HTML without charset', 'Content-Type: text/html\r\n\r\n<p>grün', 'grün'],
    ['8-bit without charset', Buffer.from('A: b\r\n\r\ngr\xfcn', 'latin1'), 'grün'],
    [
      'of a part with a name that is shown',
      multipart(['', 'plain'], ['Content-Type: text/html; name=x.html', '', '<p>w<!-- -->ire']),
      'wire\nplain',
    ],
    [
      'not of a text that asks to be saved',
      multipart(['', 'plain'], ['Content-Disposition: attachment; filename=x.txt', '', 'no']),
      'plain',
    ],
    ['with a zero-width space', 'A: b\r\n\r\nwi\u200bre', 'wire'],
    ['none', multipart(['Content-Type: image/png', '', 'x']), null],
    ['empty', '', null],
    ['without body', 'Subject: x\r\n', null],
  ];
  for (const [why, message, expected] of cases)
    it(why, async () => assert.equal((await text(message))?.trimEnd() ?? null, expected?.trimEnd() ?? null));

  it('is unknown beyond its limit, while attachments are known', async () => {
    const message = multipart(['', 'x'.repeat(2000)], ['Content-Type: image/png', '', 'x'], ['', 'more']);
    await assert.rejects(text(message, { parts: 9, text: 1000 }), /more than 1000 bytes of text/);
    assert.equal((await attachments(message, { parts: 9, text: 1000 })).length, 1);
  });
});

describe('an attachment', () => {
  it('has a name, an extension, a type, a size and a digest of what it decodes to', async () => {
    const bytes = Buffer.from('hello world\0\xff');
    const message = multipart(
      ['', 'text'],
      [
        'Content-Type: application/octet-stream',
        'Content-Disposition: attachment; filename=A.Tar.GZ',
        'Content-Transfer-Encoding: base64',
        '',
        bytes.toString('base64'),
      ],
    );
    assert.deepEqual(await attachments(message), [
      {
        name: ['A.Tar.GZ'],
        extension: ['gz'],
        type: 'application/octet-stream',
        size: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      },
    ]);
  });

  it('may have its name by RFC 2231, in pieces too', async () => {
    assert.deepEqual(await named("Content-Disposition: attachment; filename*=utf-8''%E2%82%AC.exe"), [['€.exe'], ['exe']]);
    assert.deepEqual(await named("Content-Disposition: attachment; filename*0*=iso-8859-1'de'gr%FC; filename*1=n.js"), [
      ['grün.js'],
      ['js'],
    ]);
  });

  it('may have its name by RFC 2047, or from Content-Type', async () => {
    assert.deepEqual(await named('Content-Disposition: attachment; filename="=?utf-8?B?4oKsLmV4ZQ==?="'), [['€.exe'], ['exe']]);
    assert.deepEqual(await named('Content-Type: application/zip; name=x.zip'), [['x.zip'], ['zip']]);
  });

  it('does not hide its extension', async () => {
    assert.deepEqual(await named('Content-Disposition: attachment; filename="x.exe. "'), [['x.exe.'], ['exe']]);
    assert.deepEqual(await named('Content-Disposition: attachment; filename="C:\\\\dir.d\\\\x"'), [['x'], null]);
    assert.deepEqual(await named('Content-Disposition: attachment; filename="a\tb.js"'), [['a b.js', 'ab.js', 'a'], ['js']]);
  });

  it('counts even if declared as inline text', async () => {
    assert.deepEqual(await named('Content-Type: text/plain; name=x.js', 'Content-Disposition: inline'), [['x.js'], ['js']]);
  });

  it('without a name gets the extension of its type', async () => {
    assert.deepEqual(await named('Content-Type: image/png'), [null, ['png']]);
    assert.deepEqual(await named('Content-Type: application/x-msdownload; name=setup'), [['setup'], ['exe']]);
    assert.deepEqual(await named('Content-Type: application/x-none'), [null, null]);
  });

  it('inside a nested message is found', async () => {
    const inner = [
      'Content-Type: multipart/mixed; boundary=i',
      '',
      '--i',
      'Content-Type: application/zip; name=deep.zip',
      '',
      'x',
      '--i--',
    ];
    const found = await attachments(multipart(['Content-Type: message/rfc822', '', ...inner]));
    assert.deepEqual(
      found.map((one) => one.name),
      [null, ['deep.zip']],
    );
  });
});

describe('the contents of a message', () => {
  it('are parsed once for all callers', async () => {
    const message = contents(multipart(['', 'x']));
    assert.equal(message.opened(), 0);
    await Promise.all([message.text(never), message.attachments(never), message.text(never)]);
    assert.equal(message.opened(), 1);
  });

  it('are unknown beyond the part limit', async () => {
    const parts = Array.from({ length: 10 }, () => ['', 'x']);
    assert.ok(await text(multipart(...parts), { parts: 11 }));
    await assert.rejects(text(multipart(...parts), { parts: 10 }), /more than 10 MIME parts/);
    await assert.rejects(attachments(multipart(...parts), { parts: 10 }), /more than 10 MIME parts/);
  });

  it('are unknown beyond the depth limit', async () => {
    const nested = Array.from(
      { length: 60 },
      (_, level) => `Content-Type: multipart/mixed; boundary=b${level}\r\n\r\n--b${level}\r\n`,
    ).join('');
    await assert.rejects(attachments(nested), /nested deeper than 50/);
  });

  it('are unknown after the deadline', async () => {
    const slow = async function* () {
      yield Buffer.from('A: b\r\n\r\n');
      await new Promise(() => undefined);
    };
    const open = (): Readable => Readable.from(slow(), { objectMode: false });
    const deadline = new AbortController();
    setTimeout(() => deadline.abort(), 20);
    await assert.rejects(messageContents({ open }, { parts: 9 }).text(deadline.signal), { name: 'AbortError' });
  });

  it('are unknown if the message cannot be read', async () => {
    const open = (): Readable =>
      new Readable({ read: (): void => undefined }).destroy(Object.assign(new Error('i/o error'), { code: 'EIO' }));
    await assert.rejects(messageContents({ open }, { parts: 9 }).text(never), { code: 'EIO' });
  });
});

describe('expensive messages', () => {
  it('a large message within many others', async () => {
    const within = 'Content-Type: message/rfc822\r\n\r\n'.repeat(45);
    const message = `${within}\r\n${`${'x'.repeat(70)}\r\n`.repeat(28_000)}`;
    await assert.rejects(attachments(message), /too much to read in messages within messages/);
  });

  it('a TNEF container of very many files', async () => {
    const attribute = Buffer.from('0210800100020000006100c300', 'hex');
    const container = Buffer.concat([Buffer.from('789f3e220100', 'hex'), ...Array.from({ length: 5000 }, () => attribute)]);
    const header = ['Content-Type: application/ms-tnef; name=winmail.dat', 'Content-Transfer-Encoding: base64', ''];
    await assert.rejects(attachments(multipart([...header, container.toString('base64')])), /more than 1000 files in a TNEF container/);
  });
});
