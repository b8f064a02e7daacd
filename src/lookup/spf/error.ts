/** The published record is malformed or needs too many look-ups: `permerror`, RFC 7208 2.6.7. */
export class SpfPermanentError extends Error {}
