/** A block of commands in a guide, and what the guide says that one will see. */
export interface GuideStep {
  /** Where the block begins in the file. */
  readonly line: number;
  readonly commands: string;
  /** With `…` for what is different each time, or not worth showing. */
  readonly shown: string;
  /** Whether the guide says that the commands fail: "```sh fails". */
  readonly fails: boolean;
}

const BLOCK = /^```(?<info>.*)\n(?<text>[\s\S]*?)^```$/gm;

/** What a guide tells its reader to do: every block of `sh`, each with the blocks that show what comes of it. */
export function stepsOf(guide: string): GuideStep[] {
  const steps: GuideStep[] = [];
  for (const { groups, index } of guide.matchAll(BLOCK)) {
    const [language, mark] = groups!['info']!.split(' ');
    const text = groups!['text']!;
    if (language === 'sh') {
      const line = guide.slice(0, index).split('\n').length;
      steps.push({ line, commands: text, shown: '', fails: mark === 'fails' });
    } else if (language === 'json' || language === 'text') {
      const step = steps.pop();
      if (step) steps.push({ ...step, shown: step.shown + text });
    }
  }
  return steps;
}

/**
 * The first line that a guide shows and the output does not have, or not in this order. A line may be part of one of
 * the output, and what the output has between two lines does not matter.
 */
export function missingLine(shown: string, output: string): string | undefined {
  let rest = output;
  for (const line of shown.split('\n').map((each) => each.trim())) {
    const found = patternOf(line).exec(rest);
    if (!found) return line;
    rest = rest.slice(found.index + found[0].length);
  }
  return undefined;
}

function patternOf(line: string): RegExp {
  const literally = line.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(literally.replaceAll('…', '.*'));
}
