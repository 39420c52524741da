import { project } from '../../jest.preset.js';

// Files that hold nothing but types have no lines that could run.
export default project('errors', { coverage: ['src/**/*.ts', '!src/envelope.ts'], threshold: 95 });
