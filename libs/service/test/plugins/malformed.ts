import { Prompt, Resource, ResourceTemplate } from '@gantry/mcp';
import { z } from 'zod';
import { pluginOf } from './parts.ts';

const described = { title: 'X', description: 'X.', scopes: [] };
const readable = { ...described, mimeType: 'text/plain', ttlMs: 0 };

@Resource({ ...readable, uri: 'test://mine', name: 'greeting' })
class NamedLikeAnother {
  read = () => Promise.resolve('');
}

@ResourceTemplate({ ...readable, uriTemplate: 'evil://x/a{b}', name: 'halves' })
class HalfSegment {
  read = () => Promise.resolve('');
}

@ResourceTemplate({ ...readable, uriTemplate: 'test://greetings/{who}', name: 'twins' })
class Twin {
  read = () => Promise.resolve('');
}

@Prompt({ ...described, name: 'count_up', arguments: z.strictObject({ limit: z.number() }) })
class Counting {
  render = () => Promise.resolve([]);
}

export default pluginOf([NamedLikeAnother, HalfSegment, Twin, Counting]);
