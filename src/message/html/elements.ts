/* The properties of HTML elements that affect the text a reader sees. */

const names = (list: string): ReadonlySet<string> => new Set(list.split(' '));

/** Never have content, so nothing is opened. */
export const VOID = names('area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr');

/** Structural elements, which hide nothing by themselves. */
export const TRANSPARENT = names('html head body frameset');

/** Their content is not text of the document. */
export const UNSEEN = names('script style title template iframe noembed noframes datalist');

/** Their text is on lines of its own. */
export const BLOCK = names(
  'address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr li listing main menu nav ol option p plaintext pre search section summary table tbody tfoot thead tr ul xmp',
);

/** Separated from neighbouring text by a space. */
export const CELL = names('td th img input button select textarea');

/** A start tag of these ends an open paragraph. */
export const ENDS_PARAGRAPH = names(
  'address article aside blockquote center details dialog dir div dl dd dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr li listing main menu nav ol p plaintext pre search section summary ul xmp',
);

/** A start tag ends the nearest open element with one of these names. */
export const ENDS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['li', names('li')],
  ['dd', names('dd dt')],
  ['dt', names('dd dt')],
  ['td', names('td th')],
  ['th', names('td th')],
  ['tr', names('tr')],
  ['tbody', names('tbody thead tfoot')],
  ['thead', names('tbody thead tfoot')],
  ['tfoot', names('tbody thead tfoot')],
  ['option', names('option')],
  ['optgroup', names('optgroup')],
  ['a', names('a')],
  ['nobr', names('nobr')],
  ['button', names('button')],
]);

/** A tag inside these never ends an element outside. */
export const SCOPE = names('table td th caption button marquee object applet ul ol dl select');

/** Text directly inside these is moved in front of the table (HTML 13.2.6.1). */
export const FOSTERING = names('table tbody thead tfoot tr');
