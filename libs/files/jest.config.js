import { project } from '../../jest.preset.js';

export default project('files', { globalSetup: '@gantry/testing/jest-postgres' });
