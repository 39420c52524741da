import { project } from '../../jest.preset.js';

export default project('hostile-input', {
  // The rest attacks running services; `make test-security` runs it.
  coverage: ['src/{block-watch,score,session}.ts', 'src/fuzz/*.ts', 'src/judge/*.ts', 'src/wire/*.ts'],
});
