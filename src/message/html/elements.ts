/* What HTML says about elements that affects the text a reader sees. */

const names = (list: string): ReadonlySet<string> => new Set(list.split(' '));

/** Never has content: nothing is opened. */
export const VOID = names('area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr');

/** They structure the document and hide nothing of their own accord. */
export const TRANSPARENT = names('html head body frameset');

/** Their content is no text of the document. */
export const UNSEEN = names('script style title template iframe noembed noframes datalist');

/** Text stands on a line of its own. */
export const BLOCK = names(
  'address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr li listing main menu nav ol option p plaintext pre search section summary table tbody tfoot thead tr ul xmp',
);

/** Parted from what stands beside it by a blank. */
export const CELL = names('td th img input button select textarea');

/** A start tag of one of these ends an open paragraph. */
export const ENDS_PARAGRAPH = names(
  'address article aside blockquote center details dialog dir div dl dd dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr li listing main menu nav ol p plaintext pre search section summary ul xmp',
);

/** A start tag ends the open element of these names that is nearest. */
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

/** Nothing outside of these is ended by a tag inside. */
export const SCOPE = names('table td th caption button marquee object applet ul ol dl select');

/** Text directly in these is moved in front of the table (HTML 13.2.6.1). */
export const FOSTERING = names('table tbody thead tfoot tr');
