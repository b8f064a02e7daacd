import { type PartHeader, readPartHeader, textsOf } from './part-header.ts';
import { type PartNames, partNames, suggestedNames, typeExtensions } from './part-names.ts';
import { structureDoubt } from './structure.ts';

/** The header of a part, as different readers may interpret it. */
export interface Part {
  readonly header: PartHeader;
  /** It has a Content-Type. */
  readonly hasType: boolean;
  readonly isNamed: boolean;
  readonly structureDoubt: string | null;
  readonly nameDoubt: string | null;
  readonly named: PartNames;
}

export interface PartReading {
  /** The boundary our parser uses. */
  readonly boundary: string | null;
  /** The message already has names in doubt, so there is no point in parsing those of other parts. */
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

/** The names of an attachment of this type, or the names it would be given if it has none. */
export const attachmentNames = ({ header, named }: Part, type: string): PartNames => {
  if (named.names.length === 0) return suggestedNames(header, type);
  return named.extensions.length > 0 ? named : { ...named, extensions: typeExtensions(type) };
};
