/* Ways in which a program (`a.exe`) was or might be brought past a filter: a mail program somewhere shows or saves it as one. */

type Part = readonly string[];

const BODY = ['', 'TVqQAAMAAAAEAAAA'];

/** A message whose second part has this header. */
const withPart = (...header: Part): string =>
  multipart(['Content-Type: text/plain', '', 'text'], [...header, 'Content-Transfer-Encoding: base64', ...BODY]);

const multipart = (...parts: readonly Part[]): string => message(['Content-Type: multipart/mixed; boundary=b'], mixed('b', ...parts));

const mixed = (boundary: string, ...parts: readonly Part[]): Part => [
  ...parts.flatMap((part) => [`--${boundary}`, ...part]),
  `--${boundary}--`,
  '',
];

const message = (header: Part, body: Part): string =>
  [
    'From: Carol <carol@example.net>',
    'To: ann@example.com',
    'Subject: hello',
    'Date: Mon, 2 Mar 2026 10:00:00 +0000',
    'Message-ID: <evasion@example.net>',
    'MIME-Version: 1.0',
    ...header,
    '',
    ...body,
  ].join('\r\n');

const disposition = (parameters: string): string =>
  withPart('Content-Type: application/octet-stream', `Content-Disposition: attachment; ${parameters}`);

const program: Part = [
  'Content-Type: application/octet-stream; name=a.exe',
  'Content-Disposition: attachment; filename=a.exe',
  'Content-Transfer-Encoding: base64',
  ...BODY,
];

const encoded = (body: Part): string => Buffer.from(body.join('\r\n')).toString('base64');

const uuencoded: Part = ['begin 644 a.exe', '#0V%T', '`', 'end', ''];

const BINHEX = '(This file must be converted with BinHex 4.0)';

const asBase64 = (type: string, body: Part): string =>
  multipart([`Content-Type: ${type}`, 'Content-Transfer-Encoding: base64', '', encoded(body)]);

/** An attached message in base64, written in an odd way. */
const within = (how: string, written: (text: string) => string): readonly [string, string] => [
  `in an attached message ${how}`,
  multipart([
    'Content-Type: message/rfc822',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(written(['Subject: x', 'Content-Type: multipart/mixed; boundary=c', '', ...mixed('c', program)].join('\r\n'))).toString(
      'base64',
    ),
  ]),
];

/** A TNEF attribute: its level, id and data with a length and a checksum. */
const attribute = (level: number, id: number, data: Buffer): Buffer => {
  const head = Buffer.alloc(9);
  head.writeUInt8(level, 0);
  head.writeUInt32LE(id, 1);
  head.writeUInt32LE(data.length, 5);
  const checksum = Buffer.alloc(2);
  checksum.writeUInt16LE(data.reduce((sum, byte) => (sum + byte) & 0xffff, 0));
  return Buffer.concat([head, data, checksum]);
};

const container = (...attributes: readonly Buffer[]): Buffer => Buffer.concat([Buffer.from([0x78, 0x9f, 0x3e, 0x22, 1, 0]), ...attributes]);

const deep = (levels: number): Buffer =>
  levels === 0 ? container(attribute(2, 0x00018010, Buffer.from('a.exe\0'))) : container(attribute(2, 0x0006800f, deep(levels - 1)));

/** The property of an attachment that is a message or an object: an interface id, then TNEF. */
const mapiObject = (inner: Buffer): Buffer => {
  const value = Buffer.concat([Buffer.alloc(16, 7), inner]);
  const padded = Buffer.concat([value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
  const numbers = Buffer.alloc(16);
  numbers.writeUInt32LE(1, 0);
  numbers.writeUInt32LE(0x3701000d, 4);
  numbers.writeUInt32LE(1, 8);
  numbers.writeUInt32LE(value.length, 12);
  return Buffer.concat([numbers, padded]);
};

const tnef = (...attributes: readonly Buffer[]): Part => [
  'Content-Type: application/ms-tnef; name=winmail.dat',
  'Content-Transfer-Encoding: base64',
  '',
  container(...attributes)
    .toString('base64')
    .replace(/(.{76})/g, '$1\r\n'),
];

const mapiName = (name: string): Buffer => {
  const value = Buffer.from(`${name}\0`, 'utf16le');
  const padded = Buffer.concat([value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
  const numbers = Buffer.alloc(16);
  numbers.writeUInt32LE(1, 0);
  numbers.writeUInt32LE(0x3707001f, 4);
  numbers.writeUInt32LE(1, 8);
  numbers.writeUInt32LE(value.length, 12);
  return Buffer.concat([numbers, padded]);
};

/** Each with a name for the test. */
export const EVASIONS: readonly (readonly [why: string, message: string])[] = [
  ['plainly', disposition('filename=a.exe')],
  // Parameters
  [
    'name= and filename= that differ',
    withPart('Content-Type: application/pdf; name=a.exe', 'Content-Disposition: attachment; filename=a.pdf'),
  ],
  [
    'filename= and name= the other way round',
    withPart('Content-Type: application/pdf; name=a.pdf', 'Content-Disposition: attachment; filename=a.exe'),
  ],
  ['filename= twice, the last one', disposition('filename=a.pdf; filename=a.exe')],
  ['filename= twice, the first one', disposition('filename=a.exe; filename=a.pdf')],
  ['filename* beside filename', disposition("filename=a.pdf; filename*=utf-8''a.exe")],
  ['filename beside filename*', disposition("filename*=utf-8''a.pdf; filename=a.exe")],
  [
    'two Content-Disposition fields',
    withPart('Content-Disposition: attachment; filename=a.pdf', 'Content-Disposition: attachment; filename=a.exe'),
  ],
  ['two Content-Type fields', withPart('Content-Type: application/pdf; name=a.pdf', 'Content-Type: application/octet-stream; name=a.exe')],
  ['a disposition without type', withPart('Content-Type: application/pdf', 'Content-Disposition: filename=a.exe')],
  ['a disposition without semicolon', withPart('Content-Type: application/pdf', 'Content-Disposition: attachment filename=a.exe')],
  ['a disposition with a comma', withPart('Content-Type: application/pdf', 'Content-Disposition: attachment, filename=a.exe')],
  ['a disposition that nobody knows', withPart('Content-Type: text/plain', 'Content-Disposition: x-look; filename=a.exe')],
  ['inline', withPart('Content-Type: text/plain', 'Content-Disposition: inline; filename=a.exe')],
  ['only in Content-Type', withPart('Content-Type: text/plain; name=a.exe')],
  ['a type without semicolon', withPart('Content-Type: application/octet-stream name=a.exe')],
  ['blanks around the equals sign', disposition('filename = a.exe')],
  ['a parameter in capitals', disposition('FILENAME=A.EXE')],
  ['white space before the colon', withPart('Content-Type: text/plain', 'Content-Disposition : attachment; filename=a.exe')],
  ['a folded parameter', disposition('\r\n\tfilename\r\n\t=\r\n\ta.exe')],
  ['a fold within the name', disposition('filename="a.e\r\n xe"')],
  ['a semicolon within quotes', disposition('filename="a.exe;x=.txt"')],
  ['a quote that never ends', disposition('filename="a.exe')],
  ['a quote within the name', disposition('filename=a."exe"')],
  ['an escaped quote', disposition('filename="x\\".txt"; name="a.exe"')],
  ['quoted pairs', disposition('filename="a.\\e\\x\\e"')],
  ['single quotes', disposition("filename='a.exe'")],
  ['angle brackets', disposition('filename=<a.exe>')],
  ['a comment before the name', disposition('filename=(harmless)a.exe')],
  ['a comment behind the name', disposition('filename=a.exe(harmless)')],
  ['a comment within the name', disposition('filename=a.(x)exe')],
  ['a comment within the parameter', disposition('file(x)name=a.exe')],
  ['many blanks before the equals sign', disposition(`filename${' '.repeat(300)}=a.exe`)],
  ['folds before the equals sign', disposition(`filename${'\r\n\t'.repeat(40)}=a.exe`)],
  ['many blanks around a star', disposition(`filename${' '.repeat(100)}*${' '.repeat(100)}=${' '.repeat(100)}utf-8''a%2Eexe`)],
  // RFC 2231
  ['pieces', disposition('filename*0=a.; filename*1=exe')],
  ['pieces out of order', disposition('filename*1=xe; filename*0=a.e')],
  ['a piece twice', disposition('filename*0=a.; filename*1=txt; filename*1=exe')],
  ['pieces with a gap', disposition('filename*0=a.; filename*2=exe')],
  ['pieces that begin with one', disposition('filename*1=a.; filename*2=exe')],
  ['pieces mixed with a plain one', disposition('filename=a.txt; filename*0=a.; filename*1=exe')],
  ['pieces with leading zeroes', disposition('filename*00=a.; filename*01=exe')],
  ['encoded pieces', disposition("filename*0*=utf-8''a%2E; filename*1*=%65xe")],
  ['encoded and plain pieces', disposition("filename*0*=utf-8''a%2E; filename*1=exe")],
  ['percent signs in a plain piece', disposition('filename*0=a%2E; filename*1=%65xe')],
  ['a charset', disposition("filename*=iso-8859-1'en'a%2Eexe")],
  ['UTF-16', disposition("filename*=utf-16le''a%00.%00e%00x%00e%00")],
  ['UTF-7', disposition("filename*=utf-7''a+AC4-exe")],
  ['EBCDIC', disposition("filename*=cp500''%81%4B%85%A7%85")],
  ['an encoded-word in EBCDIC', disposition('filename="=?ibm1047?Q?=81=4B=85=A7=85?="')],
  ['circled letters', disposition("filename*=utf-8''a.%E2%93%94%E2%93%A7%E2%93%94")],
  ['a charset nobody knows', disposition("filename*=x-none''a%2Eexe")],
  ['without charset', disposition('filename*=a%2Eexe')],
  ['percent signs', disposition('filename=a%2Eexe')],
  ['pieces with many zeroes', disposition('filename*0000000000=a.; filename*0000000001=exe')],
  ['a piece with an endless number', disposition(`filename*${'9'.repeat(400)}=a.exe`)],
  ['two numbers', disposition("filename*0*1*=utf-8''a%2Eexe")],
  ['three stars', disposition("filename***=utf-8''a%2Eexe")],
  ['a star behind two pieces', disposition('filename*0=a.; filename*1**=exe')],
  // RFC 2047
  ['an encoded-word', disposition('filename="=?utf-8?B?YS5leGU=?="')],
  ['an encoded-word without quotes', disposition('filename==?utf-8?Q?a=2Eexe?=')],
  ['an encoded-word in the middle', disposition('filename="a=?utf-8?Q?=2Ee?=xe"')],
  ['two encoded-words', disposition('filename="=?utf-8?Q?a=2E?= =?utf-8?Q?exe?="')],
  ['base64 cut into words', disposition('filename="=?utf-8?B?YS5leG?= =?utf-8?B?U=?="')],
  ['an encoded-word that never ends', disposition('filename="=?utf-8?Q?a=2Eexe"')],
  ['an encoded-word without padding', disposition('filename="=?utf-8?B?YS5leGU?="')],
  ['an encoded-word with blanks', disposition('filename="=?utf-8?Q?a=2E exe?=.exe"')],
  ['an encoded-word with a question mark', disposition('filename="=?utf-8?Q?a?b=2Eexe?="')],
  ['an encoded-word with a language', disposition('filename="=?utf-8*en?Q?a=2Eexe?="')],
  ['an encoded-word in an encoded-word', disposition(`filename="=?utf-8?B?${Buffer.from('=?utf-8?Q?a=2Eexe?=').toString('base64')}?="`)],
  ['an encoded-word in UTF-7', disposition('filename="=?utf-7?Q?a+AC4-exe?="')],
  ['an encoded field', withPart('Content-Type: application/pdf', 'Content-Disposition: =?utf-8?Q?attachment=3B_filename=3Da=2Eexe?=')],
  // What a system makes of a name
  ['a NUL in percent', disposition("filename*=utf-8''a.exe%00.txt")],
  ['a NUL in percent, plain', disposition('filename="a.exe%00.txt"')],
  ['a NUL in an encoded-word', disposition('filename="=?utf-8?Q?a.exe=00.txt?="')],
  ['a control character', disposition('filename="a.e\x01xe"')],
  ['a tab', disposition('filename="a.exe\t.txt"')],
  ['an NTFS stream', disposition('filename="a.exe::$DATA"')],
  ['an NTFS stream with a name', disposition('filename="a.exe:b.txt"')],
  ['dots at the end', disposition('filename="a.exe..."')],
  ['blanks at the end', disposition('filename="a.exe   "')],
  ['a no-break space at the end', disposition("filename*=utf-8''a.exe%C2%A0")],
  ['a slash at the end', disposition('filename="a.exe/"')],
  ['a path', disposition('filename="c:\\\\dir\\\\a.exe"')],
  ['a path with single backslashes', disposition('filename="..\\a.exe"')],
  ['right-to-left override', disposition("filename*=utf-8''fdp.%E2%80%AEexe")],
  ['right-to-left override, raw', disposition('filename="a.\u202eexe"')],
  ['a zero-width space', disposition("filename*=utf-8''a.e%E2%80%8Bxe")],
  ['a word joiner at the end', disposition("filename*=utf-8''a.exe%E2%81%A0")],
  ['a soft hyphen', disposition("filename*=utf-8''a.ex%C2%ADe")],
  ['fullwidth letters', disposition("filename*=utf-8''a.%EF%BD%85%EF%BD%98%EF%BD%85")],
  ['a fullwidth dot', disposition("filename*=utf-8''a%EF%BC%8Eexe")],
  ['an ideographic full stop', disposition("filename*=utf-8''a%E3%80%82exe")],
  ['a name too long for a file system', disposition(`filename="${'a'.repeat(251)}.exe.txt"`)],
  ['a class id', disposition('filename="a.txt.{3050F4D8-98B5-11CF-BB82-00AA00BDCE0B}"')],
  ['a class id with a blank and dots', disposition('filename="a.txt. {3050f4d8-98b5-11cf-bb82-00aa00bdce0b} . "')],
  ['a class id in percent', disposition("filename*=utf-8''a.txt.%7B3050F4D8-98B5-11CF-BB82-00AA00BDCE0B%7D")],
  // Other fields
  [
    'Content-Description',
    withPart('Content-Type: application/octet-stream', 'Content-Description: a.exe', 'Content-Disposition: attachment'),
  ],
  ['Content-Location', withPart('Content-Type: application/octet-stream', 'Content-Location: http://host.example/x/a.exe?y=.txt')],
  ['the type alone', withPart('Content-Type: application/x-msdownload')],
  ['the type and a bare name', withPart('Content-Type: application/x-msdownload; name=setup')],
  // Structure
  ['a boundary with a comment', message(['Content-Type: multipart/mixed; boundary=b (comment)'], mixed('b (comment)', program))],
  ['a boundary with a comment that is one', message(['Content-Type: multipart/mixed; boundary=b(comment)'], mixed('b', program))],
  ['a boundary with blanks at the end', message(['Content-Type: multipart/mixed; boundary="b  "'], mixed('b  ', program))],
  ['a boundary twice', message(['Content-Type: multipart/mixed; boundary=a; boundary=b'], mixed('b', program))],
  ['a boundary in pieces', message(['Content-Type: multipart/mixed; boundary*0=a; boundary*1=b'], mixed('ab', program))],
  ['an encoded boundary', message(["Content-Type: multipart/mixed; boundary*=us-ascii''%62"], mixed('b', program))],
  ['a boundary with a quoted pair', message(['Content-Type: multipart/mixed; boundary="a\\b"'], mixed('ab', program))],
  ['no boundary', message(['Content-Type: multipart/mixed'], mixed('b', program))],
  ['a boundary that never comes', message(['Content-Type: multipart/mixed; boundary=x'], mixed('b', program))],
  ['no semicolon before the boundary', message(['Content-Type: multipart/mixed boundary=b'], mixed('b', program))],
  ['a comment in the type', message(['Content-Type: (x) multipart/mixed; boundary=b'], mixed('b', program))],
  ['blanks in the type', message(['Content-Type: multipart / mixed; boundary=b'], mixed('b', program))],
  ['a type in quotes', message(['Content-Type: "multipart/mixed"; boundary=b'], mixed('b', program))],
  ['an encoded type', message(['Content-Type: =?utf-8?Q?m=75ltipart/mixed?=; boundary=b'], mixed('b', program))],
  ['a doubled Content-Type', message(['Content-Type: text/plain', 'Content-Type: multipart/mixed; boundary=b'], mixed('b', program))],
  [
    'a doubled Content-Type, the other way round',
    message(['Content-Type: multipart/mixed; boundary=b', 'Content-Type: text/plain'], mixed('b', program)),
  ],
  [
    'a multipart in base64',
    message(['Content-Type: multipart/mixed; boundary=b', 'Content-Transfer-Encoding: base64'], [encoded(mixed('b', program))]),
  ],
  [
    'a multipart in quoted-printable',
    message(
      ['Content-Type: multipart/mixed; boundary=b', 'Content-Transfer-Encoding: quoted-printable'],
      mixed('b', program).map((line) => line.replace(/=/g, '=3D')),
    ),
  ],
  [
    'a multipart in base64, within',
    multipart(['Content-Type: multipart/mixed; boundary=c', 'Content-Transfer-Encoding: base64', '', encoded(mixed('c', program))]),
  ],
  ['a part behind the end', message(['Content-Type: multipart/mixed; boundary=b'], [...mixed('b', ['', 'text']), ...mixed('b', program)])],
  [
    'a delimiter with more on its line',
    message(['Content-Type: multipart/mixed; boundary=b'], ['--b', '', 'text', '--bx', ...program, '--b--', '']),
  ],
  [
    'the same boundary within',
    message(
      ['Content-Type: multipart/mixed; boundary=b'],
      mixed('b', ['Content-Type: multipart/mixed; boundary=b', '', ...mixed('b', program)]),
    ),
  ],
  [
    'a boundary that begins like the outer one',
    message(
      ['Content-Type: multipart/mixed; boundary=b'],
      mixed('b', ['Content-Type: multipart/mixed; boundary=bb', '', ...mixed('bb', program)]),
    ),
  ],
  [
    'a line that is no field',
    multipart(['Content-Type: text/plain', '', 'text'], ['Content-Type: application/octet-stream;', 'name=a.exe', ...BODY]),
  ],
  [
    'a blank line that is none',
    multipart(
      ['Content-Type: text/plain', '', 'text'],
      ['Content-Type: text/plain', ' ', 'Content-Disposition: attachment; filename=a.exe', ...BODY],
    ),
  ],
  [
    'a part that begins with white space',
    multipart(['Content-Type: text/plain', '', 'text'], [' Content-Disposition: attachment; filename=a.exe', ...BODY]),
  ],
  ['a part that is never ended', message(['Content-Type: multipart/mixed; boundary=b'], ['--b', ...program])],
  ['the whole message', message(program.slice(0, 3), BODY.slice(1))],
  // Messages within
  [
    'in an attached message',
    multipart(['Content-Type: message/rfc822', '', 'Subject: x', 'Content-Type: multipart/mixed; boundary=c', '', ...mixed('c', program)]),
  ],
  [
    'in an attached message in base64',
    multipart([
      'Content-Type: message/rfc822',
      'Content-Transfer-Encoding: base64',
      '',
      encoded(['Content-Type: multipart/mixed; boundary=c', '', ...mixed('c', program)]),
    ]),
  ],
  ...['\r\n', '\n', '\r\n\r\n \r\n', '\t\n'].map((start) => within(`that begins with ${JSON.stringify(start)}`, (text) => start + text)),
  within('whose empty lines end in LF', (text) => text.replace(/\r\n\r\n/g, '\r\n\n')),
  within('whose lines end in LF', (text) => text.replace(/\r\n/g, '\n')),
  within('whose lines end in CR', (text) => text.replace(/\r\n/g, '\r')),
  within('whose lines end in CR CR LF', (text) => text.replace(/\r\n/g, '\r\r\n')),
  within('whose first line ends in CR', (text) => text.replace(/\r\n/, '\r')),
  within('with a NUL in its header', (text) => text.replace('Content-Type', 'Content-\0Type')),
  within('with a byte order mark', (text) => `\ufeff${text}`),
  [
    'in an attached message in quoted-printable',
    multipart([
      'Content-Type: message/rfc822',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'Content-Type: multipart/mixed; boundary=ab',
      '',
      ...mixed('ab', program),
    ]),
  ],
  [
    'in a file that is a message',
    multipart([
      'Content-Type: application/octet-stream; name=x.eml',
      '',
      'Content-Type: multipart/mixed; boundary=c',
      '',
      ...mixed('c', program),
    ]),
  ],
  [
    'in a digest',
    message(
      ['Content-Type: multipart/digest; boundary=b'],
      mixed('b', ['', 'Content-Type: application/octet-stream; name=a.exe', ...BODY]),
    ),
  ],
  [
    'in a kind of message that nobody knows',
    multipart(['Content-Type: message/x-other', '', 'Content-Type: multipart/mixed; boundary=c', '', ...mixed('c', program)]),
  ],
  [
    'message/partial',
    message(['Content-Type: message/partial; id=x; number=1; total=2'], ['Content-Type: application/octet-stream; name=a.e']),
  ],
  [
    'message/external-body',
    multipart([
      'Content-Type: message/external-body; access-type=URL; url="http://host.example/a.exe"',
      '',
      'Content-Type: application/octet-stream',
      '',
      '',
    ]),
  ],
  // Before MIME
  ['uuencoded', message(['Content-Type: text/plain'], ['Hello', '', ...uuencoded])],
  ['uuencoded without MIME', message(['X-Other: x'], uuencoded)],
  [
    'uuencoded in quoted-printable',
    message(
      ['Content-Type: text/plain', 'Content-Transfer-Encoding: quoted-printable'],
      ['Hello=', '', '=62egin 644 a=2E=', 'exe', '#0V%T', '`', 'end'],
    ),
  ],
  [
    'uuencoded in base64',
    message(
      ['Content-Type: text/plain', 'Content-Transfer-Encoding: base64'],
      [encoded(['Hello', ...uuencoded]).replace(/(.{4})/g, '$1\r\n')],
    ),
  ],
  ['uuencoded in front of the parts', message(['Content-Type: multipart/mixed; boundary=b'], [...uuencoded, ...mixed('b', ['', 'text'])])],
  ['uuencoded far down', message(['Content-Type: text/plain'], [...Array.from({ length: 20_000 }, () => 'x'.repeat(70)), ...uuencoded])],
  ['base64 of uuencode', message(['Content-Type: text/plain'], ['begin-base64 644 a.exe', 'TVqQ', '====', ''])],
  [
    'uuencoded in UTF-16',
    message(
      ['Content-Type: text/plain; charset=utf-16le', 'Content-Transfer-Encoding: base64'],
      [Buffer.from(uuencoded.join('\r\n'), 'utf16le').toString('base64')],
    ),
  ],
  ['uuencoded with the mode of git', message(['Content-Type: text/plain'], ['begin 100755 a.exe', '#0V%T', '`', 'end', ''])],
  ['yEnc', message(['Content-Type: text/plain'], ['=ybegin line=128 size=3 name=a.exe', 'abc', '=yend size=3', ''])],
  ['BinHex', message(['Content-Type: text/plain'], [BINHEX, '', ':#&)ZE@e8!', ''])],
  ...['6 ', '', '64 ', ' ', '7777777 ', 'u=rw ', '-644 ', '0644\t', '644\t\t'].map((mode): readonly [string, string] => [
    `uuencoded with the mode ${JSON.stringify(mode)}`,
    message(['Content-Type: text/plain'], [`begin ${mode}a.exe`, ...uuencoded.slice(1)]),
  ]),
  ...['x-uuencode', 'uuencode', 'x-uue', 'uue', 'mac-binhex40', 'x-binhex40', 'x-yenc', 'yenc', 'gzip64'].map(
    (encoding): readonly [string, string] => [
      `in the transfer encoding ${encoding}`,
      multipart(['Content-Type: application/octet-stream', `Content-Transfer-Encoding: ${encoding}`, '', ...uuencoded]),
    ],
  ),
  ...[
    'application/octet-stream',
    'application/x-uuencode',
    'application/x-uuencoded',
    'foo/bar',
    'plain',
    'application/x-uue',
    'image/png',
  ].map((type): readonly [string, string] => [`uuencoded as ${type}`, multipart([`Content-Type: ${type}`, '', ...uuencoded])]),
  ['uuencoded as application/x-uuencode in base64', asBase64('application/x-uuencode', uuencoded)],
  [
    'yEnc as application/octet-stream',
    multipart(['Content-Type: application/octet-stream', '', '=ybegin line=128 size=3 name=a.exe', 'abc']),
  ],
  ...['application/mac-binhex40', 'application/binhex', 'application/x-binhex40', 'application/mac-binhex', 'application/binhex4'].map(
    (type): readonly [string, string] => [`BinHex as ${type}`, asBase64(type, [BINHEX, '', ':#&)ZE@e8!', ''])],
  ),
  ['BinHex as application/octet-stream', multipart(['Content-Type: application/octet-stream', '', BINHEX, '', ':#&)ZE@e8!', ''])],
  // Containers
  ['TNEF, its short name', multipart(tnef(attribute(2, 0x00018010, Buffer.from('a.exe\0'))))],
  ['TNEF, its long name', multipart(tnef(attribute(2, 0x00018010, Buffer.from('A~1.TXT\0')), attribute(2, 0x00069005, mapiName('a.exe'))))],
  ['TNEF that breaks off', multipart(tnef(attribute(2, 0x00018010, Buffer.from('a.exe\0')).subarray(0, 12)))],
  [
    'TNEF under another name',
    multipart(['Content-Type: application/octet-stream; name=x.bin', ...tnef(attribute(2, 0x00018010, Buffer.from('a.exe\0'))).slice(1)]),
  ],
  [
    'TNEF in TNEF',
    multipart(
      tnef(
        attribute(2, 0x00018010, Buffer.from('x.dat\0')),
        attribute(2, 0x0006800f, container(attribute(2, 0x00018010, Buffer.from('a.exe\0')))),
      ),
    ),
  ],
  ['a message in TNEF', multipart(tnef(attribute(2, 0x00069005, mapiObject(container(attribute(2, 0x00018010, Buffer.from('a.exe\0')))))))],
  ['a file that is a message in TNEF', multipart(tnef(attribute(2, 0x00018010, Buffer.from('x.eml\0'))))],
  ['TNEF in TNEF, a hundred deep', multipart(tnef(attribute(2, 0x0006800f, deep(100))))],
  [
    'Apple double',
    multipart([
      'Content-Type: multipart/appledouble; boundary=c',
      '',
      ...mixed('c', ['Content-Type: application/applefile; name=a.exe', ...BODY], ['Content-Type: application/octet-stream', ...BODY]),
    ]),
  ],
];
