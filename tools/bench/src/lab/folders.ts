import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

/** Bundles, logs and profiles of the benchmark. */
export const WORK = `${ROOT}dist/bench`;

/** The servers beside which Gantry is measured. */
export const PEERS = fileURLToPath(new URL('../../peers/', import.meta.url));

/** What the last run has found out. */
export const REPORT = `${ROOT}dist/bench.json`;
