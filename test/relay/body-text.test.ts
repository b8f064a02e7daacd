import assert from 'node:assert/strict';
import { test } from 'node:test';
import { submit } from './mail.ts';
import { OPEN, relayFixture } from './site-fixture.ts';

/* A rule on words, and mail that hides them from whoever reads its source. */

const POLICY = `${OPEN}rules:
  - id: words
    on: data_post
    when: { body.text: { matches: "(?i)wire transfer" } }
    then: { reject: "550 5.7.1 No" }
    on_unknown: defer
  - id: source
    on: data_post
    when: { body.html: { contains: "<form" } }
    then: { reject: "550 5.7.1 No forms" }
`;

const mail = (type: string, ...body: readonly string[]): string =>
  ['From: a@example.org', 'Subject: x', 'MIME-Version: 1.0', type, '', ...body, ''].join('\r\n');
const html = (body: string): string => mail('Content-Type: text/html; charset=us-ascii', body);

const HIDDEN: Readonly<Record<string, string>> = {
  entities: html('<p>&#119;ire&nbsp;tr&#x61;nsfer'),
  'tags inside a word': html('<p>wi<b></b>re tran<i>sf</i>er'),
  'a comment inside a word': html('<p>wire tran<!-- x -->sfer'),
  'hidden text inside a word': html(
    '<p>wi<span style="display:none">x</span>re tran<b hidden>y</b>s<font style="font-size:0px">z</font>fer',
  ),
  'hidden text of a style sheet': html('<style>.k{visibility:hidden}</style><p>wi<i class=k>x</i>re transfer'),
  'a part with a name': mail('Content-Type: text/html; name=a.html', '<p>wi<b></b>re transfer'),
  'base64 within quoted-printable HTML': mail(
    'Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable',
    '<p>wi=3C!-- --=3Ere=20trans=\r\nfer',
  ),
};

for (const [why, message] of Object.entries(HIDDEN))
  test(`words are found behind ${why}`, async (context) => {
    const { connect } = await relayFixture(context, { policy: POLICY });
    assert.match(await submit(await connect(), { message }), /^550 5\.7\.1 No/);
  });

test('hidden words are not found, and body.html is the HTML as written', async (context) => {
  const { connect } = await relayFixture(context, { policy: POLICY });
  const client = await connect();
  const replies = [];
  for (const message of [html('<p hidden>wire transfer</p><!-- wire transfer -->hello'), html('<p>hello<form>')])
    replies.push(await submit(client, { message }));
  assert.match(replies[0] ?? '', /^250 /);
  assert.match(replies[1] ?? '', /^550 5\.7\.1 No forms/);
});
