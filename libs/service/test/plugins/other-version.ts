import { definePlugin } from '../../src/index.ts';

export default definePlugin({ gantry: '2.0.0', module: class {} });
