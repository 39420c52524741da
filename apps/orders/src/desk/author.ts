import type { Principal } from '@gantry/pipeline';
import type { Author } from '../domain/author.ts';

/** Who calls. */
export function authorOf({ subject, client }: Principal): Author {
  return { subject, client };
}
