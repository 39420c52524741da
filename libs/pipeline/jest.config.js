import { project } from '../../jest.preset.js';

// Files that hold nothing but types have no lines that could run.
export default project('pipeline', { coverage: ['src/**/*.ts', '!src/{call,principal}.ts'], threshold: 95 });
