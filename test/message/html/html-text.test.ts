import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { htmlText } from '../../../src/message/html/html-text.ts';
import { runs } from '../../kit/thorough.ts';

const text = (html: string): Promise<string> => htmlText(html, new AbortController().signal);

type Case = readonly [why: string, html: string, text: string];

const SEEN: readonly Case[] = [
  ['text', 'wire', 'wire'],
  ['entities', '&#119;&#x69;r&#101;&nbsp;transfer &amp; &lt;b&gt; &euro;', 'wire transfer & <b> €'],
  ['entities without semicolon', '&#119ire &ampersand', 'wire &ersand'],
  ['a tag inside a word', 'w<b>i</b>r<span></span>e', 'wire'],
  ['a tag that does not exist', 'wi<x-y>re', 'wire'],
  ['a comment inside a word', 'wi<!-- x -->re', 'wire'],
  ['a comment with tags in it', 'wi<!-- <p>x</p> -- > -->re', 'wire'],
  ['short comments', 'wi<!-->r<!--->e', 'wire'],
  ['a comment with an exclamation mark', 'wi<!-- x --!>re', 'wire'],
  ['a declaration', 'wi<!x>re', 'wire'],
  ['a conditional comment that all but Outlook show', '<![if !mso]>wire<![endif]>', 'wire'],
  ['a processing instruction', 'wi<?xml x?>re', 'wire'],
  ['CDATA, which is a comment in HTML', 'wi<![CDATA[x]]>re', 'wire'],
  ['lines and blanks', '  wire \n\t transfer  ', 'wire transfer'],
  ['blocks', '<p>one<p>two<div>three</div>four', 'one\ntwo\nthree\nfour'],
  ['line breaks', 'one<br>two<br/>three', 'one\ntwo\nthree'],
  ['cells', '<table><tr><td>one<td>two<tr><td>three</table>', 'one two\nthree'],
  ['lists', '<ul><li>one<li>two</ul>', 'one\ntwo'],
  ['a link', '<a href="http://x.example/">wire</a>', 'wire'],
  ['a picture with a text', '<img alt="wire" src=x>', 'wire'],
  ['a button', '<input type=submit value="wire">', 'wire'],
  ['a text field', '<textarea><b>wire</textarea>', '<b>wire'],
  ['noscript, as mail programs run no scripts', '<noscript>wire</noscript>', 'wire'],
  ['a script', 'wi<script>x("</p>")</script>re', 'wire'],
  ['a style sheet', 'wi<style>p > a { color: red }</style>re', 'wire'],
  ['a title', '<title>x</title>wire', 'wire'],
  ['a template', 'wi<template>x</template>re', 'wire'],
  ['a frame', 'wi<iframe>x</iframe>re', 'wire'],
  ['display: none', 'wi<span style="display:none">x</span>re', 'wire'],
  ['display: none, written oddly', 'wi<span STYLE=" DISPLAY : NONE ! important ; ">x</span>re', 'wire'],
  ['display: none with an escape', 'wi<span style="d\\69splay:none">x</span>re', 'wire'],
  ['display: none with a comment', 'wi<span style="display:/* x */none">x</span>re', 'wire'],
  ['display: none in entities', 'wi<span style="display&#58;none">x</span>re', 'wire'],
  ['display: none around others', 'wi<div style="display:none"><p style="display:block">x</p><p>y</div>re', 'wi\nre'],
  ['display: none taken back', '<span style="display:none;display:inline">wire</span>', 'wire'],
  ['display: none that is more important', 'wi<span style="display:none!important;display:inline">x</span>re', 'wire'],
  ['visibility: hidden', 'wi<span style="visibility:hidden">x</span>re', 'wire'],
  ['visibility: visible in hidden', '<div style="visibility:hidden">x<b style="visibility:visible">wire</b></div>', 'wire'],
  ['font-size: 0', 'wi<span style="font-size:0">x</span>re', 'wire'],
  ['font-size: 0px', 'wi<span style="font-size:0.0px;color:red">x</span>re', 'wire'],
  ['font-size: 1px', 'wi<span style="font-size:1px">x</span>re', 'wire'],
  ['font: 0', 'wi<span style="font:0/0 a">x</span>re', 'wire'],
  ['font-size: 0 around a real one', '<div style="font-size:0">x<b style="font-size:14px">wire</b></div>', 'wire'],
  ['font-size: 0 around a relative one', 'wi<div style="font-size:0">x<b style="font-size:2em">y</b></div>re', 'wi\nre'],
  ['the hidden attribute', 'wi<span hidden>x</span>re', 'wire'],
  ['a slash that ends nothing', 'wire<span hidden/>x', 'wire'],
  ['a paragraph that the next one ends', '<p hidden>x<p>wire', 'wire'],
  ['a list item that the next one ends', '<ul><li hidden>x<li>wire</ul>', 'wire'],
  ['a cell that the next one ends', '<table><tr><td hidden>x<td>wire</table>', 'wire'],
  ['text in front of a hidden table', '<table hidden><tr>wire<td>x</table>', 'wire'],
  ['a form within a hidden form', '<form hidden>x<form>y</form>wire</form>', 'wire'],
  ['a link within a hidden link', '<a hidden>x<a>wire</a>', 'wire'],
  ['an end tag too many', '</div></span>wire', 'wire'],
  ['an end tag that ends what is in it', '<div hidden><b><i>x</div>wire', 'wire'],
  ['a hidden line break', 'wi<wbr hidden>re', 'wire'],
  ['soft hyphens', 'wi&shy;re', 'wi\u00adre'],
  ['nothing', '<p></p>', ''],
  ['what Outlook alone shows, hidden', 'wi<b hidden><!--[if mso]>x<![endif]--></b>re', 'wire'],
  ['a comment that never ends', 'wire<!-- x', 'wire'],
  ['a tag that never ends', 'wire<b x', 'wire'],
];

/** Two readers, two texts: both stand there. */
const SEEN_BY_SOME: readonly Case[] = [
  ['a style sheet', '<style>.x{display:none}</style>wi<b class="a x">X</b>re', 'wire\n\nwiXre'],
  [
    'a style sheet for an element with a class and for an id',
    '<style>b.x,#y{font-size:0}</style>wi<b class=x>X</b>r<i id=y>Y</i>e',
    'wire\n\nwiXrYe',
  ],
  ['a style sheet for print', '<style>@media print{.x{display:none}}</style>wi<b class=x>X</b>re', 'wiXre'],
  ['opacity', 'wi<b style="opacity:0.0">X</b>re', 'wire\n\nwiXre'],
  ['a colour like its background', 'wi<b style="color:#fff;background-color:#FFF">X</b>re', 'wire\n\nwiXre'],
  ['a colour that is none', 'wi<b style="color:rgba(1, 2, 3, 0)">X</b>re', 'wire\n\nwiXre'],
  ['opacity that is next to none', 'wi<b style="opacity:.01">X</b>re', 'wire\n\nwiXre'],
  ['white', 'wi<b style="color:#FFFFFF">X</b>re', 'wire\n\nwiXre'],
  ['white of old', 'wi<font color="#fefefe">X</font>re', 'wire\n\nwiXre'],
  ['a text far to the left', 'wi<b style="text-indent:-9999px">X</b>re', 'wire\n\nwiXre'],
  ['what Outlook hides', 'wi<b style="mso-hide:all">X</b>re', 'wire\n\nwiXre'],
  ['what Outlook alone shows', 'wi<!--[if mso]><b>X</b><![endif]-->re', 'wire\n\nwiXre'],
  ['a box without height', 'wi<span style="max-height:0;overflow:hidden">X</span>re', 'wire\n\nwiXre'],
];

describe('the text of HTML', () => {
  for (const [why, html, expected] of SEEN) it(why, async () => assert.equal(await text(html), expected));
});

describe('text that only some mail programs hide', () => {
  for (const [why, html, expected] of SEEN_BY_SOME) it(why, async () => assert.equal(await text(html), expected));
});

const PIECES = [
  '<p>',
  '</p>',
  '<b hidden>',
  '</b>',
  '<table>',
  '<td>',
  '<li>',
  '<form>',
  '<!--',
  '-->',
  '<style>',
  '</style>',
  '.x{',
  'display:none',
  '}',
  '<a style="',
  '">',
  '&',
  '&am',
  '<',
  'wire ',
  '\0',
  '\u{1f600}',
  '<svg>',
  '<title>',
];

describe('any HTML', () => {
  it('parses the same however it is chunked', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }), async (pieces) => {
        const html = pieces.join('');
        const seen = await text(html);
        assert.ok(seen.length <= 2 * html.length + 2);
        // Read in other pieces, since the text in front moves all of it.
        assert.equal(await text(`<!--${'x'.repeat(4090)}-->${html}`), seen);
      }),
      { numRuns: runs(300) },
    );
  });

  it('takes time in proportion to its length', async () => {
    for (const piece of ['<i>', '<a style="', '<!--', '/*', '@{', '&am', '<p><a>', '</b><i>', ' x=y', '<']) {
      const long = piece.repeat(Math.ceil((256 * 1024) / piece.length));
      const start = performance.now();
      await text(`<style>${long}</style>${long}<a style="${long}">`);
      assert.ok(performance.now() - start < 20_000, piece);
    }
  });

  it('is abandoned at the deadline', async () => {
    await assert.rejects(htmlText('<p>'.repeat(300_000), AbortSignal.timeout(1)), { name: 'TimeoutError' });
  });
});
