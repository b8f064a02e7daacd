import { Unknown } from '../value.ts';

/** The doubt an effect is under when a text in it is unknown. */
export const doubtAbout = (text: string | Unknown): { readonly doubt?: string } => (text instanceof Unknown ? { doubt: text.reason } : {});
