import { type OperatorDefinition, PolicyError } from '../definition.ts';
import { findFact } from '../facts/find.ts';
import { truthOnUnknown } from '../uncertain.ts';
import { isCollection, isFields, type Known, type Scalar, Unknown } from '../value.ts';

export const sameAs: OperatorDefinition = {
  name: 'same_as',
  asks: 'value',
  doc: 'Equal to the value of another fact, or to one of its values if it is a set. False if either is absent.',
  operand: (_type, _collection, fields) =>
    fields === undefined ? { type: 'string', pattern: '^[a-z_]+(?:\\.[A-Za-z0-9_-]+)?$', description: 'Name of a fact' } : null,
  says: (operand, held) => `${held ? 'is the same as' : 'is not the same as'} ${String(operand)}`,
  compile: (operand, { type, read }) => {
    const name = String(operand);
    const compared = findFact(name);
    if (compared === null)
      throw new PolicyError('RLY2001', `there is no fact \`${name}\``, '`same_as` compares with another fact; for a value use `eq`.');
    // Text that a login or a header brings along is compared as loosely as the address or the domain it stands beside.
    const isEqual = (value: Scalar, other: Scalar): boolean => type.normalize(other) === value || compared.type.normalize(value) === other;
    const isAmong = (value: Scalar, other: Known | null): boolean => {
      if (other === null) return false;
      return isCollection(other) ? other.some((one) => !isFields(one) && isEqual(value, one)) : isEqual(value, other);
    };
    return (value, facts) => {
      const other = read(facts, name);
      return other instanceof Unknown
        ? truthOnUnknown(other, (one) => isAmong(value, one), { perMember: true, ordered: false })
        : isAmong(value, other);
    };
  },
  examples: [
    {
      when: { 'auth.user': { same_as: 'sender.address' } },
      given: { 'auth.user': 'Alice@example.com', 'sender.address': 'alice@EXAMPLE.com' },
      holds: true,
    },
    {
      when: { 'sender.domain': { same_as: 'from.domain' } },
      given: { 'sender.address': 'a@example.com', 'header.from': ['b@example.net'] },
      holds: false,
    },
  ],
};
