import { project } from '../../jest.preset.js';

// The rest starts processes; every test run runs it.
export default project('ci', { coverage: ['src/totals.ts', 'src/report.ts'] });
