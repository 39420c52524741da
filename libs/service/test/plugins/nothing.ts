import { Injectable } from '@nestjs/common';
import { pluginOf } from './parts.ts';

@Injectable()
class ForeignTool {}

// What the decorator of another copy leaves.
Object.defineProperty(ForeignTool, Symbol('gantry:tool-contract'), { value: { name: 'say_name' } });

export default pluginOf([ForeignTool]);
