import { project } from '../../jest.preset.js';

export default project('conformance', {
  // The rest starts servers and the official suite; `make conformance` runs it.
  coverage: [
    'src/auth/*.ts',
    'src/official/{expected-failures,judge,suite-plans}.ts',
    'src/{at-most,report}.ts',
    'src/servers/token-proxy.ts',
  ],
});
