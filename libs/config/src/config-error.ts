/** One thing wrong with the environment. Never contains the value of a secret. */
export interface ConfigProblem {
  readonly variable: string;
  /** What is wrong, as a sentence that begins with the variable. */
  readonly problem: string;
  /** What the variable is for; absent for variables nobody knows. */
  readonly description?: string;
}

/** The service cannot start with this environment. The message lists every problem. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly ConfigProblem[]) {
    super([headline(problems.length), ...problems.map(paragraph)].join('\n\n'));
  }
}

function headline(count: number): string {
  return count === 1 ? 'The configuration has a problem:' : `The configuration has ${count} problems:`;
}

function paragraph({ problem, description }: ConfigProblem): string {
  return description === undefined ? `  ${problem}` : `  ${problem}\n    ${description}`;
}
