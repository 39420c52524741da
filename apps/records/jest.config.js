import { project } from '../../jest.preset.js';

export default project('records', { globalSetup: '@gantry/testing/jest-postgres' });
