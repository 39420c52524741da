import { project } from '../../jest.preset.js';

export default project('audit', { globalSetup: '@gantry/testing/jest-postgres' });
