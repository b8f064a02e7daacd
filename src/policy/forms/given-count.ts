/** Key of `given:` for the result of a rule's limit. No other mapping has such a key. */
export const GIVEN_COUNT = '^limit\\.\\S+$';
