import { project } from '../../jest.preset.js';

export default project('chaos', {
  // The rest starts processes and kills them; `make chaos` runs it.
  coverage: [
    'src/invariants/violations.ts',
    'src/load/{load-figures,patient-client,plans}.ts',
    'src/fleet/{balancer,tokens}.ts',
    'src/faults/{strike-again,wait}.ts',
    'src/report/{document,printed}.ts',
    'src/options.ts',
  ],
});
