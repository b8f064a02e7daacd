/** The part of libmime that is used here; it comes without types of its own. */
declare module 'libmime' {
  interface Libmime {
    /** Decodes every encoded-word (RFC 2047, language tags of RFC 2231) in the text; throws on what it cannot read. */
    decodeWords(text: string): string;
  }
  const libmime: Libmime;
  export default libmime;
}
