import { project } from '../../jest.preset.js';

export default project('bench', {
  // The rest starts services, peers and Postgres, or runs in processes of its own; `make bench` runs it.
  coverage: [
    'src/load/load.ts',
    'src/measure/*.ts',
    'src/options.ts',
    'src/profile/self-times.ts',
    'src/report/{markdown,printed,table,tables,targets}.ts',
    'src/servers/process.ts',
  ],
});
