import { z } from 'zod';
import { pluginOf, toolNamed } from './parts.ts';

export default pluginOf([
  toolNamed('say_name', { input: z.strictObject({ words: z.string() }) }),
  toolNamed('say_date', { input: z.strictObject({ at: z.date().describe('When.') }) }),
]);
