import { type PartHeader, readPartHeader, textsOf } from './part-header.ts';
import { type PartNames, partNames, suggestedNames, typeExtensions } from './part-names.ts';
import { structureDoubt } from './structure.ts';

/** What the header of a part says to those who read it in different ways. */
export interface Part {
  readonly header: PartHeader;
  /** It says what it is. */
  readonly hasType: boolean;
  readonly isNamed: boolean;
  readonly structureDoubt: string | null;
  readonly nameDoubt: string | null;
  readonly named: PartNames;
}

export interface PartReading {
  /** The one that our parser splits the part by. */
  readonly boundary: string | null;
  /** The message has names in doubt already: to take apart those of its other parts would help nobody. */
  readonly inDoubt: boolean;
}

const NO_NAMES: PartNames = { names: [], extensions: [], doubt: null };

/** Reads the header of a part. */
export const partOf = (raw: Buffer, { boundary, inDoubt }: PartReading): Part => {
  const header = readPartHeader(raw);
  const named = inDoubt ? NO_NAMES : partNames(header);
  return {
    header,
    hasType: textsOf(header, 'content-type').length > 0,
    isNamed: inDoubt ? header.fields.some(({ name, text }) => name.startsWith('content-') && /name/i.test(text)) : named.names.length > 0,
    structureDoubt: structureDoubt(header, boundary),
    nameDoubt: named.doubt,
    named,
  };
};

/** The names of an attachment of this type, and what it would be called where it has none. */
export const attachmentNames = ({ header, named }: Part, type: string): PartNames => {
  if (named.names.length === 0) return suggestedNames(header, type);
  return named.extensions.length > 0 ? named : { ...named, extensions: typeExtensions(type) };
};
