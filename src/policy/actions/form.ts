import { oneOrMany } from '../forms/forms.ts';
import type { JsonSchema } from '../json.ts';
import { DURATION_PATTERN } from '../quantity.ts';

/** Schemas of arguments that several actions share. */
export const yes: JsonSchema = { const: true, description: '`true`' };

export const line: JsonSchema = { type: 'string', minLength: 1, description: 'Text; `${fact}` is expanded' };

export const lines: JsonSchema = { ...oneOrMany(line), description: 'One text or several; `${fact}` is expanded' };

export const duration: JsonSchema = { type: 'string', pattern: DURATION_PATTERN, description: 'A duration, `10m`' };

export const address: JsonSchema = {
  type: 'string',
  pattern: '^(?:[^@\\s]+@[^@\\s]+|.*\\$\\{[^}]+\\}.*)$',
  description: 'An address; `${fact}` is expanded',
};

export const addresses: JsonSchema = { ...oneOrMany(address), description: 'One address or several; `${fact}` is expanded' };

export const headerName: JsonSchema = {
  type: 'string',
  pattern: '^[!-9;-~]+$',
  maxLength: 76,
  description: 'Name of a header field: printable ASCII without a colon (RFC 5322 2.2)',
};
