import { defineSettings, setting } from '@gantry/config';
import { z } from 'zod';

/** What an operator can set about files. */
export const filesSettings = defineSettings('files', {
  uploadMaxBytes: setting(
    'MCP_UPLOAD_MAX_BYTES',
    z.coerce.number().int().min(1).max(4_294_967_296).default(268_435_456),
    { description: 'Largest file that may be sent to a tool, in bytes.' },
  ),
});
