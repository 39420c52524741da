import { project } from '../../jest.preset.js';

export default project('dashboards', { globalSetup: '@gantry/testing/jest-postgres' });
