import { pluginOf, toolNamed } from './parts.ts';

export default pluginOf(Array.from({ length: 15 }, (_, index) => toolNamed(`say_name_${index}`)));
