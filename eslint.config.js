import { defineConfig, globalIgnores } from 'eslint/config';
import { boundaries } from './tools/eslint/boundaries.js';
import { documentation } from './tools/eslint/documentation.js';
import { taste } from './tools/eslint/taste.js';
import { typescript } from './tools/eslint/typescript.js';

export default defineConfig(
  globalIgnores(['**/dist/', '**/coverage/', '.nx/', '.gantry*/', 'docs/reference/']),
  typescript,
  boundaries,
  documentation,
  taste,
);
