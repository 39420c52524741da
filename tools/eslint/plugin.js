import { moduleBoundaries } from './rules/module-boundaries.js';
import { pureDomain } from './rules/pure-domain.js';

/** The rules that are our own. */
export const gantry = {
  meta: { name: '@gantry/eslint-rules' },
  rules: { 'module-boundaries': moduleBoundaries, 'pure-domain': pureDomain },
};
