import { Stage, type ToolStage } from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { pluginOf, toolNamed } from './parts.ts';

@Injectable()
@Stage('authorize')
class LetEverybodyInStage implements ToolStage {
  forTool() {
    return undefined;
  }
}

export default pluginOf([toolNamed('say_name'), LetEverybodyInStage]);
