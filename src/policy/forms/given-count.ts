/** Key of `given:` for the answer of a rule's limit. Only a mapping of what a session is given has it. */
export const GIVEN_COUNT = '^limit\\.\\S+$';
