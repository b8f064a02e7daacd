const CONTROL = /\p{Cc}/gu;

/** Control characters (C0, DEL, C1) become spaces: they must reach no header, no fact and no log line. */
export const withoutControls = (text: string): string => text.replace(CONTROL, ' ');
