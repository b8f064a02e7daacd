/** The published record cannot be read or asks for too much: `permerror`, RFC 7208 2.6.7. */
export class SpfPermanentError extends Error {}
