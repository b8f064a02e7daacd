/*
 * Fields of a part that say two things. Mail programs differ in which one they take, and who hides an attachment counts
 * on that: what is found by one of them is not all there may be.
 */

/** Header lines as they stand, of a name in any case. */
export interface MimeHeaders {
  get(name: string): readonly string[];
}

const FIELDS = ['Content-Type', 'Content-Disposition', 'Content-Transfer-Encoding'] as const;

/** What the header of a part says twice and differently; `null` if nothing. */
export const contradiction = (headers: MimeHeaders): string | null => {
  for (const field of FIELDS) {
    const values = headers.get(field.toLowerCase()).map(fieldValue);
    if (new Set(values.map((value) => value.toLowerCase())).size > 1) return `two ${field} fields`;
    const [value = ''] = values;
    const parameter = repeated(parametersOf(value));
    if (parameter !== null) return `${field} with two parameters ${parameter}`;
  }
  return null;
};

const fieldValue = (line: string): string =>
  line
    .slice(line.indexOf(':') + 1)
    .replace(/\s+/g, ' ')
    .trim();

/** Names of parameters, in lower case: RFC 2045 5.1, RFC 2231 3. */
const parametersOf = (value: string): readonly string[] =>
  [...value.replace(/"(?:[^"\\]|\\.)*"?/g, '""').matchAll(/;\s*([^\s=;]+)\s*=/g)].map(([, name = '']) => name.toLowerCase());

/** The two forms of a boundary are one parameter; those of a file name both occur in honest mail (RFC 6266 4.3). */
const repeated = (names: readonly string[]): string | null => {
  const seen = new Set<string>();
  for (const name of names) {
    const one = name === 'boundary*' || name === 'boundary*0' || name === 'boundary*0*' ? 'boundary' : name;
    if (seen.has(one)) return one;
    seen.add(one);
  }
  return null;
};
