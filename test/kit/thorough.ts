/** Whether every combination and the full counts are wanted (`RELAYCTL_TESTS=thorough`), as CI does on one Node; everybody else tries a share. */
export const THOROUGH = process.env.RELAYCTL_TESTS === 'thorough';

const SHARE = 4;

/** Runs of a property: all of them in a thorough run, otherwise a quarter, each time with other seeds. */
export const runs = (all: number): number => (THOROUGH ? all : Math.ceil(all / SHARE));
